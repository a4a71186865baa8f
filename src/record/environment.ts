import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import type { EnvironmentRecord } from './manifest.ts'

/** The package's own version. */
export function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

/** The revision of the working directory, where it is a git checkout. */
function gitRevision(): string | undefined {
  try {
    const answer = execFileSync('git', ['rev-parse', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 2000,
    })
    return answer.trim() || undefined
  } catch {
    return undefined
  }
}

/** What computed: for the reader of a record, not for its bits. */
export function environment(): EnvironmentRecord {
  const processors = cpus()
  const revision = gitRevision()
  return {
    atelier: packageVersion(),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryBytes: totalmem(),
    ...(revision === undefined ? {} : { gitRevision: revision }),
  }
}
