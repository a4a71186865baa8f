import { stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { InputError } from '../../base/errors.ts'
import { parseSource } from '../../data/source.ts'
import { environment } from '../../record/environment.ts'
import { openLog } from '../../server/log.ts'
import { openServer } from '../../server/server.ts'
import type { Invocation, Outcome } from '../command.ts'
import { numberFlag, textFlag } from '../flags.ts'

/** The port where nothing was said. */
const PORT = 4600

/** Where a build puts the page. */
const page = fileURLToPath(new URL('../../web', import.meta.url))

const isLoopback = (host: string) => /^(127\.|::1$|localhost$)/.test(host)

async function checkRuns(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined || found.isDirectory()) return
  throw new InputError({ at: '--runs', expected: 'a directory of runs', received: `"${path}", a file` })
}

/** Names with commas between; blanks around them are nobody's. */
function namesFlag(flags: Invocation['flags']): string[] {
  const text = textFlag(flags, 'name')
  if (text === undefined) return []
  const names = text.split(',').map((name) => name.trim())
  if (!names.includes('')) return names
  throw new InputError({ at: '--name', expected: 'names with commas between', received: `"${text}"` })
}

export async function run({ flags, terminal, signal }: Invocation): Promise<Outcome> {
  const host = textFlag(flags, 'host') ?? '127.0.0.1'
  const runs = textFlag(flags, 'runs') ?? 'runs'
  const port = numberFlag(flags, 'port', { whole: true, least: 0, most: 65_535, usual: PORT }) ?? PORT
  const whole = { whole: true, least: 1 }
  const wished = {
    concurrency: numberFlag(flags, 'concurrency', { ...whole, most: 10_000, usual: 64 }),
    rate: numberFlag(flags, 'rate', { above: 0, usual: 100 }),
    seconds: numberFlag(flags, 'time-limit', { above: 0, most: 3600, usual: 30 }),
    bytes: numberFlag(flags, 'max-bytes', { ...whole, usual: 16_777_216 }),
    pixels: numberFlag(flags, 'max-pixels', { ...whole, usual: 50_000_000 }),
  }
  await checkRuns(runs)
  const log = openLog((lines) => process.stderr.write(lines))
  const data = textFlag(flags, 'data')
  if (data !== undefined) parseSource(data)
  const server = await openServer({
    runs,
    model: textFlag(flags, 'model'),
    data: data === undefined ? [] : [data],
    host,
    port,
    names: namesFlag(flags),
    limits: Object.fromEntries(Object.entries(wished).filter(([, value]) => value !== undefined)),
    log,
    logRequests: flags.quiet !== true,
    page,
    version: environment().atelier,
  })
  if (!isLoopback(server.host)) {
    terminal.warn(
      `Everyone who can reach ${server.host} can see all runs, stop searches and have pictures classified.`,
    )
  }
  terminal.document({ url: server.url, host: server.host, port: server.port, runs })
  terminal.print(`Atelier is at ${terminal.bold(server.url)}; Ctrl-C ends it.`)
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  await server.close()
  return 'done'
}
