import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { etag } from 'hono/etag'
import type { Env } from './services.ts'

const unbuilt = `Atelier is running; its page is not built here. To build it: npm run build
The API: /api/openapi.json
`

/** Serves the built page from a directory. The page keeps its own places behind a hash, so it has one address. */
export function page(directory: string | undefined): Hono<Env> {
  const app = new Hono<Env>()
  if (directory !== undefined) {
    app.use(
      etag(),
      serveStatic({
        root: directory,
        onFound(path, c) {
          c.set('route', 'page')
          // Names under assets/ carry a hash of their content: they never change.
          const isFixed = /[\\/]assets[\\/]/.test(path.slice(directory.length))
          c.header('cache-control', isFixed ? 'public, max-age=31536000, immutable' : 'no-cache')
        },
      }),
    )
  }
  return app.get('/', (c) => c.text(unbuilt))
}
