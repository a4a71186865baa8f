import { setMaxListeners } from 'node:events'
import { openRecordIndex } from '../catalog/record-index.ts'
import { openApp } from './app.ts'
import { concurrencyLimit } from './concurrency-limit.ts'
import { openShelf } from './dataset/shelf.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { type Listening, listen } from './listen.ts'
import { type Log, silentLog } from './log.ts'
import { openMetrics } from './metrics.ts'
import { openModels } from './models/models.ts'
import { openPicturePreparation } from './pictures/prepare-pictures.ts'
import { openReserve } from './reserve.ts'
import type { Services } from './services.ts'

/** What a server serves, where, and how much of it. */
export interface ServerOptions {
  /** The directory of records. */
  readonly runs: string
  /** A weights file or a run's directory to recognize with. */
  readonly model?: string | undefined
  /** Datasets to show beside those on this machine, as `--data` names them. */
  readonly data?: readonly string[]
  readonly host?: string
  /** 0: any that is free. */
  readonly port?: number
  /** Names under which it is reached, beside those of this machine. */
  readonly names?: readonly string[]
  readonly limits?: Partial<Limits>
  readonly log?: Log
  /** Whether every request is logged, or only those that failed. */
  readonly logRequests?: boolean
  /** The directory of the built page. */
  readonly page?: string | undefined
  readonly version: string
}

/** A server that runs. */
export interface Server extends Omit<Listening, 'close'> {
  /** Ends: finishes what was accepted, ends streams, and cuts off what takes longer than the limit of seconds. */
  close(): Promise<void>
}

/** Starts a server. On loopback unless told otherwise: whoever reaches it may see every run and stop every search. */
export async function openServer(options: ServerOptions): Promise<Server> {
  const { runs, host = '127.0.0.1', port = 0, names = [], log = silentLog, version } = options
  const limits = { ...defaultLimits, ...options.limits }
  const metrics = openMetrics()
  const closing = new AbortController()
  setMaxListeners(0, closing.signal) // every open stream listens; how many may be open is limited elsewhere
  const recordIndex = openRecordIndex(runs)
  const observeBatch = metrics.histogram(
    'atelier_batch_images',
    'Images that went into the kernels together.',
    [1, 2, 4, 8, 16, 32, 64],
  )
  const countPicture = metrics.counter('atelier_pictures_total', 'Pictures, by what came of them.', [
    'outcome',
  ])
  const models = await openModels(options.model, recordIndex, observeBatch)
  const services: Services = {
    limits,
    log,
    metrics,
    concurrency: concurrencyLimit(limits.concurrency, limits.queue),
    streams: new Set(),
    recordIndex,
    models,
    pictures: openPicturePreparation(limits),
    reserve: openReserve(limits),
    counted: (outcome) => countPicture([outcome]),
    shelf: openShelf(options.data ?? []),
    closing: closing.signal,
  }
  const end = async () => {
    await Promise.all([models.close(), services.pictures.close(), services.shelf.close()])
  }
  observe(services)
  const app = openApp(services, {
    names: [...names, host],
    page: options.page,
    logRequests: options.logRequests ?? true,
    version,
  })
  const listening = await listen({ host, port }, app.fetch).catch(async (error) => {
    await end()
    throw error
  })
  log.info('listening', { url: listening.url, runs: services.recordIndex.root })
  return {
    host: listening.host,
    port: listening.port,
    url: listening.url,
    async close() {
      log.info('closing')
      closing.abort()
      await listening.close(limits.seconds)
      await end()
      log.info('closed')
      log.flush()
    },
  }
}

function observe({ metrics, concurrency, streams, reserve }: Services): void {
  metrics.gauge('atelier_http_working', 'Requests that are worked on now.', () => concurrency.working)
  metrics.gauge('atelier_http_waiting', 'Requests that wait for their turn.', () => concurrency.waiting)
  metrics.gauge('atelier_http_streams', 'Streams of events that are open.', () => streams.size)
  metrics.gauge('atelier_http_body_bytes', 'Memory that bodies of requests take.', () => reserve.taken)
  const began = Date.now() / 1000 - process.uptime()
  metrics.gauge('process_start_time_seconds', 'When the process began, since 1970.', () => began)
  metrics.gauge('process_resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss())
  metrics.reading('process_cpu_seconds_total', 'Processor time, user and system.', () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  })
}
