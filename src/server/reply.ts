import { documentOf, type Problem } from './problem.ts'

/**
 * What every answer says to a browser: take nothing for what it is not, show this in nobody's frame, run and load only
 * what comes from here. (Figures set styles; models run in WebAssembly; workers and drawn images come as blobs.)
 */
const secure = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
} as const

type Headers = Readonly<Record<string, string>>

/** An answer with the headers that every answer has. They are given at once: that is what the adapter sends fastest. */
export function reply(
  status: number,
  body: string | Uint8Array<ArrayBuffer> | ReadableStream | null,
  headers: Headers,
): Response {
  return new Response(body, { status, headers: { ...secure, 'cache-control': 'no-store', ...headers } })
}

/** An answer in JSON. */
export const json = (value: unknown, headers: Headers = {}): Response =>
  reply(200, JSON.stringify(value), { 'content-type': 'application/json', ...headers })

/** An error answer. */
export const refusal = (problem: Problem): Response =>
  reply(problem.status, JSON.stringify(documentOf(problem)), {
    'content-type': 'application/problem+json',
    ...problem.headers,
  })
