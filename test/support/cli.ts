import { type ChildProcess, fork, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect } from 'vitest'

/** The built command line. */
export const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** How a command ended. */
export interface Answer {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface CallOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Whether it runs in a process of its own. */
  readonly isAlone?: boolean
  /** Called with the process when it has written something to standard error. */
  readonly onNote?: (child: ChildProcess, err: string) => void
}

/** What is set before a program begins: a line with one of these has a process of its own. */
const SET_BEFORE = ['NODE_OPTIONS', 'ATELIER_ADDON', 'ATELIER_VARIANT']

/**
 * Runs the built command line; it sees no data of this machine. A process that has it loaded takes one line after another;
 * with `isAlone`, or where the line's process is looked at, it is one of its own, as a user's is.
 */
export function atelier(args: readonly string[], options: CallOptions = {}): Promise<Answer> {
  const { PATH = '' } = process.env
  const cwd = options.cwd ?? tmpdir()
  const env = { PATH, HOME: cwd, XDG_CACHE_HOME: join(cwd, 'no-cache'), ...options.env }
  const isAlone = options.isAlone || options.onNote || SET_BEFORE.some((name) => name in env)
  return isAlone ? runAlone(args, { ...options, env }) : runWarm({ args, cwd, env })
}

async function runAlone(args: readonly string[], { cwd, env, onNote }: CallOptions): Promise<Answer> {
  const child = spawn(process.execPath, [main, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, err] = ['', '']
  child.stdout.on('data', (text: Buffer) => {
    out += text
  })
  child.stderr.on('data', (text: Buffer) => {
    err += text
    onNote?.(child, err)
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  return { code, out, err }
}

interface Line {
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

/** As many as work at once beside another file's: each takes its lines in order. */
const warm: { process: ChildProcess; last: Promise<unknown> }[] = []
const MOST_WARM = 2
let calls = 0

function runWarm(line: Line): Promise<Answer> {
  calls += 1
  const turn = calls % MOST_WARM
  warm[turn] ??= { process: fork(session, [main], { execArgv: [] }), last: Promise.resolve() }
  const { process, last } = warm[turn]
  const answer = last.then(() => answerOf(process, line))
  warm[turn].last = answer.catch(() => {})
  return answer
}

const session = fileURLToPath(new URL('warm.mjs', import.meta.url))

const answerOf = (process: ChildProcess, line: Line) =>
  new Promise<Answer>((resolve, reject) => {
    const gone = (code: number | null) =>
      reject(new Error(`The process of ${line.args.join(' ')} ended with ${code}.`))
    process.once('exit', gone)
    process.once('message', (answer: Answer) => {
      process.off('exit', gone)
      resolve(answer)
    })
    process.send(line)
  })

/** A folder of its own for the tests of a file, taken away after them. */
export function workplace(): { readonly path: string } {
  let path = ''
  beforeAll(async () => {
    path = await mkdtemp(join(tmpdir(), 'atelier-test-'))
  })
  afterAll(() => rm(path, { recursive: true }))
  return {
    get path() {
      return path
    },
  }
}

/** The document of a command that was asked for one: standard output is that and nothing else. */
export function documentOf<T = Record<string, unknown>>(answer: Answer, code = 0): T {
  expect(answer).toMatchObject({ code })
  expect(answer.out.endsWith('}\n') || answer.out.endsWith(']\n')).toBe(true)
  return JSON.parse(answer.out) as T
}

/** Exit code 2, one line that says what is wrong, and nothing on standard output but, under `--json`, the same as data. */
export function expectRefusal({ code, out, err }: Answer, message: RegExp): void {
  expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(message) })
  if (out !== '')
    expect(JSON.parse(out)).toEqual({ error: expect.objectContaining({ at: expect.any(String) }) })
  expect(err).toMatch(/^atelier: [^\n]+\n$/)
  expect(err).not.toMatch(/\bat .+:\d+:\d+|\bundefined\b|\[object|\bE[A-Z]{4,}\b/)
}
