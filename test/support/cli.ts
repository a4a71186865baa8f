import { type ChildProcess, spawn } from 'node:child_process'
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
  /** Called with the process when it has written something to standard error. */
  readonly onNote?: (child: ChildProcess, err: string) => void
}

/** Runs the built command line as a user does; it sees no data of this machine. */
export async function atelier(args: readonly string[], options: CallOptions = {}): Promise<Answer> {
  const { PATH = '' } = process.env
  const home = options.cwd ?? tmpdir()
  const env = { PATH, HOME: home, XDG_CACHE_HOME: join(home, 'no-cache'), ...options.env }
  const child = spawn(process.execPath, [main, ...args], {
    cwd: options.cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (text: Buffer) => {
    out += text
  })
  child.stderr.on('data', (text: Buffer) => {
    err += text
    options.onNote?.(child, err)
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  return { code, out, err }
}

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
