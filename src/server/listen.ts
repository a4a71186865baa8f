import { createServer } from 'node:http'
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import { InputError } from '../base/errors.ts'

/** Where to listen. */
export interface Address {
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
}

/** Answers a request; never throws. */
type Fetch = (request: Request, env: HttpBindings) => Response | Promise<Response>

/** A server that listens. */
export interface Listening {
  readonly host: string
  readonly port: number
  /** `http://127.0.0.1:3000`. */
  readonly url: string
  /** Takes no new connection, finishes every request that came, and ends; after `seconds` what is left is cut off. */
  close(seconds: number): Promise<void>
}

/**
 * Connections that nothing comes through any more are closed so many milliseconds after the end was asked for: on a machine
 * with much to do, a client may need as long to send its next request.
 */
const LINGER = 1000

/** Connections at once; more are cut off as they come. */
const CONNECTIONS = 4096
/** Of those, connections through which no request has come yet, or none since the last answer: the oldest makes room. */
const WAITING = 1024
/** Milliseconds in which requests are begun: whoever asks for health does not wait for all that came before. */
const TURN = 10
/** Nothing came or could be sent for so many milliseconds: the other side is gone, or does not read its answer. */
const SILENCE = 60_000

/** Listens; throws an InputError where the address cannot be had. `isClosing` makes every answer the last of its connection. */
export async function listen({ host, port }: Address, fetch: Fetch): Promise<Listening> {
  let isClosing = false
  const listener = getRequestListener((request, env) => fetch(request, env as HttpBindings))
  const begin = inTurns()
  const waiting = new Set<Socket>()
  const wait = (socket: Socket) => {
    waiting.add(socket)
    const [oldest] = waiting
    if (waiting.size > WAITING) oldest.destroy()
  }
  const server = createServer({ connectionsCheckingInterval: 2000 }, (incoming, outgoing) => {
    const { socket } = incoming
    waiting.delete(socket)
    outgoing.on('close', () => socket.destroyed || wait(socket))
    const answer = () => void listener(incoming, outgoing)
    // A client that is told so opens no race between its next request and our closing of the connection.
    if (isClosing) outgoing.shouldKeepAlive = false
    if (incoming.url === '/healthz') answer()
    else begin(answer)
  })
  server.on('connection', (socket) => {
    wait(socket)
    socket.on('close', () => waiting.delete(socket))
  })
  server.setTimeout(SILENCE)
  server.headersTimeout = 10_000
  server.requestTimeout = 60_000
  server.keepAliveTimeout = 20_000
  server.maxHeadersCount = 100
  server.maxConnections = CONNECTIONS
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(refused(error, host, port)))
    server.listen({ host, port, exclusive: true }, resolve)
  })
  const { address, port: bound } = server.address() as AddressInfo
  const shown = address.includes(':') ? `[${address}]` : address
  return {
    host: address,
    port: bound,
    url: `http://${shown}:${bound}`,
    close(seconds) {
      isClosing = true
      return new Promise((resolve) => {
        let [linger, sweep]: (NodeJS.Timeout | undefined)[] = []
        // Right after the sockets were read: what has reached this machine is seen before anything is closed.
        const closeIdle = () => setImmediate(() => server.closeIdleConnections())
        setImmediate(() => {
          // Not http.Server's own close, which cuts idle connections at once: a request may be on its way through one.
          NetServer.prototype.close.call(server, () => {
            clearTimeout(linger)
            clearTimeout(deadline)
            clearInterval(sweep)
            resolve()
          })
          linger = setTimeout(() => {
            closeIdle()
            sweep = setInterval(closeIdle, 50)
          }, LINGER)
        })
        const deadline = setTimeout(() => server.closeAllConnections(), 1000 * seconds)
      })
    },
  }
}

/** Begins some work after another, and lets what else has come in be looked at between. */
function inTurns(): (work: () => void) => void {
  const due: (() => void)[] = []
  const beginSome = () => {
    const end = performance.now() + TURN
    while (due.length > 0 && performance.now() < end) due.shift()?.()
    if (due.length > 0) setImmediate(beginSome)
  }
  return (work) => {
    if (due.push(work) === 1) setImmediate(beginSome)
  }
}

function refused(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const at = `${host}:${port}`
  switch (error.code) {
    case 'EADDRINUSE':
      return new InputError(
        {
          at: `port ${port}`,
          expected: 'one that is free',
          received: 'one where another program listens',
          hint: 'Choose another with --port; 0 takes any.',
        },
        { cause: error },
      )
    case 'EACCES':
      return new InputError(
        { at, expected: 'a port that may be used', received: 'no permission' },
        { cause: error },
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new InputError(
        { at: `host ${host}`, expected: 'an address of this machine', received: 'none' },
        { cause: error },
      )
    default:
      return error
  }
}
