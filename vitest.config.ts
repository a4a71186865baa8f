import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  resolve: { alias: { atelier: source('src/index.ts') } },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'web/**/*.test.ts'],
    globalSetup: ['test/support/build.ts'],
    setupFiles: ['test/support/equality.ts'],
    maxWorkers: 2,
    isolate: false, // files share what is loaded: the sources are read once a worker, not once a file
    testTimeout: 300_000,
    hookTimeout: 200_000,
  },
})
