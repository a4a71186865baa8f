import { existsSync } from 'node:fs'
import { removeFile } from '../base/directory.ts'

/** A wish may wait so many milliseconds until it is seen. */
const PERIOD = 500

/** A signal that a file gives: whoever may write into a search's directory can stop it, from whatever process or machine. */
export interface StopFile {
  /** Given when the file appears, or when the signal around it is. */
  readonly signal: AbortSignal
  /** Looks no more, and takes the file away. */
  close(): void
}

/** Watches for a stop file; one that lies there already was meant for a search before this one, and is taken away. */
export function watchForStop(path: string, around?: AbortSignal): StopFile {
  const controller = new AbortController()
  const stop = () => controller.abort(around?.reason)
  removeFile(path)
  if (around?.aborted) stop()
  around?.addEventListener('abort', stop, { once: true })
  const timer = setInterval(() => existsSync(path) && stop(), PERIOD)
  timer.unref()
  return {
    signal: controller.signal,
    close() {
      clearInterval(timer)
      around?.removeEventListener('abort', stop)
      removeFile(path)
    },
  }
}
