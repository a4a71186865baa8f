import { stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { InputError } from '../../base/errors.ts'
import type { Command, Invocation } from '../command.ts'
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

export const serveCommand: Command = {
  name: 'serve',
  args: [],
  summary: 'serve the page and the HTTP API: runs as they go, searches, data, recognition',
  flags: [
    { flags: '--port <n>', text: `where to listen; 0 takes any that is free (default: ${PORT})` },
    {
      flags: '--host <address>',
      text: 'whom to listen to: 127.0.0.1 is this machine alone, 0.0.0.0 everybody',
    },
    { flags: '--name <names>', text: 'names under which it is reached, with commas between' },
    { flags: '--runs <dir>', text: 'the directory of runs, searches and studies (default: runs)' },
    {
      flags: '--model <file>',
      text: 'weights or a run to recognize with (default: the network that comes with the package)',
    },
    { flags: '--data <source>', text: 'a dataset to show beside those on this machine' },
    {
      flags: '--concurrency <n>',
      text: 'pictures and other requests that are worked on at once (default: 64)',
    },
    { flags: '--rate <n>', text: 'most requests a second from one address (default: any number)' },
    { flags: '--time-limit <seconds>', text: 'most that one answer may take (default: 30)' },
    { flags: '--max-bytes <n>', text: 'most bytes of a request (default: 16777216)' },
    { flags: '--max-pixels <n>', text: 'most pixels of a picture (default: 50000000)' },
  ],
  async run({ flags, terminal, signal }) {
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
    const { openServer } = await import('../../server/server.ts')
    const { openLog } = await import('../../server/log.ts')
    const { environment } = await import('../../record/environment.ts')
    const log = openLog((lines) => process.stderr.write(lines))
    const data = textFlag(flags, 'data')
    if (data !== undefined) (await import('../../data/source.ts')).parseSource(data)
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
        `Everybody who reaches ${server.host} may see all runs, stop searches and have pictures recognized.`,
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
  },
}
