import type { MiddlewareHandler } from 'hono'
import type { Env, Services } from '../services.ts'

/** Bounds of the buckets in which seconds are counted. */
const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** Counts, times and logs every request; or logs only those that failed. */
export function observe(
  { log, metrics }: Pick<Services, 'log' | 'metrics'>,
  logRequests: boolean,
): MiddlewareHandler<Env> {
  const countRequest = metrics.counter('atelier_http_requests_total', 'Requests that were answered.', [
    'route',
    'method',
    'status',
  ])
  const observeSeconds = metrics.histogram(
    'atelier_http_request_seconds',
    'Seconds until an answer was ready; streams until they began.',
    seconds,
    ['route'],
  )
  return async (c, next) => {
    const began = performance.now()
    c.set('route', 'none')
    await next()
    const took = (performance.now() - began) / 1000
    const { route } = c.var
    const { status } = c.res
    const { incoming } = c.env
    countRequest([route, c.req.method, String(status)])
    observeSeconds(took, [route])
    const isFault = status >= 500 && status !== 503
    if (!logRequests && !isFault) return
    log[isFault ? 'error' : 'info']('request', {
      method: c.req.method,
      path: incoming.url?.slice(0, 300),
      status,
      milliseconds: Number((1000 * took).toFixed(2)),
      address: incoming.socket.remoteAddress ?? '',
      ...(c.error && { reason: status === 500 ? String(c.error.stack) : c.error.message }),
    })
  }
}
