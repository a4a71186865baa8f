/** A line of the log: what happened, and figures about it. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>

/** A structured log: one JSON object a line, with time and level first. */
export interface Log {
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
  /** Hands on what is held back. */
  flush(): void
}

/** Lines are handed on together after so many milliseconds: at a thousand requests a second, each by itself would cost more than its answer. */
const DELAY = 100

/** A log that writes lines through `write`. */
export function openLog(write: (lines: string) => void): Log {
  let held = ''
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (held !== '') write(held)
    held = ''
  }
  const say =
    (level: string) =>
    (event: string, fields: LogFields = {}) => {
      held += `${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`
      if (held.length > 1 << 16) flush()
      else timer ??= setTimeout(flush, DELAY)
    }
  return { info: say('info'), warn: say('warn'), error: say('error'), flush }
}

/** A log that says nothing. */
export const silentLog: Log = { info() {}, warn() {}, error() {}, flush() {} }
