import type { MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'

/**
 * What every answer says to a browser: take nothing for what it is not, show this in nobody's frame, run and load only
 * what comes from here. (Figures set styles; models run in WebAssembly; workers and drawn images come as blobs.)
 */
export const secure = secureHeaders({
  crossOriginEmbedderPolicy: 'require-corp',
  xFrameOptions: 'DENY',
  strictTransportSecurity: false, // it speaks HTTP: whoever puts TLS before it says so there
  contentSecurityPolicy: {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:', 'blob:'],
    mediaSrc: ["'self'", 'blob:'],
    workerSrc: ["'self'", 'blob:'],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
})

/** Nothing is kept by a browser unless its route says so. */
export const noStore: MiddlewareHandler = (c, next) => {
  c.header('cache-control', 'no-store')
  return next()
}
