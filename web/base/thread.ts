/** A worker that is started when it is first asked, and anew after it has failed or was ended. */
export interface Thread<Command> {
  post(command: Command): void
  /** Ends it in whatever it does. */
  terminate(): void
}

interface ThreadOptions<Report> {
  start(): Worker
  onReport(report: Report): void
  /** It could not be started, or died. */
  onError(error: Error): void
}

/** Opens a thread; nothing runs until it is asked. */
export function openThread<Command, Report>(options: ThreadOptions<Report>): Thread<Command> {
  const { start, onReport, onError } = options
  let worker: Worker | undefined
  const running = (): Worker => {
    if (worker !== undefined) return worker
    worker = start()
    worker.onmessage = ({ data }: MessageEvent<Report>) => onReport(data)
    worker.onerror = ({ message }) => {
      worker = undefined
      onError(new Error(message || 'The worker could not be started.'))
    }
    return worker
  }
  return {
    post: (command) => running().postMessage(command),
    terminate() {
      worker?.terminate()
      worker = undefined
    },
  }
}
