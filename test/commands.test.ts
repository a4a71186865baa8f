import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Command } from '../src/cli/command.ts'
import { type CommandName, commands } from '../src/cli/commands/index.ts'
import { type Answer, atelier, documentOf, expectRefusal, workplace } from './support/cli.ts'

const place = workplace()
const data = ['--data', 'silhouettes:train=200,test=40']
const imported = (name: string) => new URL(`oracles/imported/${name}`, import.meta.url).pathname

/** Calls a command, and ends it once what it says matches `isDone`. */
function call(args: readonly string[], isDone?: RegExp): Promise<Answer> {
  if (isDone === undefined) return atelier(args, { cwd: place.path })
  let isEnded = false
  return atelier(args, {
    cwd: place.path,
    onNote(child, err) {
      if (!isEnded && isDone.test(err)) isEnded = child.kill('SIGTERM')
    },
  })
}

interface CommandCase {
  /** A quick call that succeeds; it stands where two evaluated runs lie, `first` and `second`, and `shirt.png`. */
  readonly line: readonly string[]
  /** A command that goes on until it is told to end is told so when it says this. */
  readonly isDone?: RegExp
}

/** A case for every command: one without does not compile. */
const cases: Record<CommandName, CommandCase> = {
  study: { line: ['--print-plan'] },
  data: { line: ['silhouettes:train=200,test=40'] },
  summary: { line: ['mlp-small'] },
  train: { line: ['--model', 'mlp-small', '--epochs', '1', ...data] },
  tune: { line: ['mlp', '--trials', '1', '--epochs', '1', ...data] },
  evaluate: { line: ['first'] },
  explain: { line: ['first', '--image', '3'] },
  compare: { line: ['first', 'second'] },
  verify: { line: ['first'] },
  export: { line: ['first', '--format', 'onnx'] },
  import: {
    line: [
      'shirts.safetensors',
      '--model',
      imported('network.json'),
      '--layout',
      'torch',
      '--data',
      'silhouettes',
    ],
  },
  recognize: { line: ['shirt.png', '--model', 'first'] },
  serve: { line: ['--port', '0', '--runs', '.'], isDone: /"event":"listening"/ },
  doctor: { line: [] },
}

beforeAll(async () => {
  for (const [seed, run] of ['first', 'second'].entries()) {
    const line = [
      'train',
      '--model',
      'mlp-small',
      '--epochs',
      '1',
      '--seed',
      `${seed + 1}`,
      ...data,
      '--out',
      run,
    ]
    expect(await call(line)).toMatchObject({ code: 0 })
    expect(await call(['evaluate', run])).toMatchObject({ code: 0 })
  }
  await copyFile(imported('torch.safetensors'), join(place.path, 'shirts.safetensors'))
  const shirt = await sharp({ create: { width: 60, height: 80, channels: 3, background: 'navy' } })
    .png()
    .toBuffer()
  await sharp({ create: { width: 100, height: 100, channels: 3, background: 'white' } })
    .composite([{ input: shirt }])
    .png()
    .toFile(join(place.path, 'shirt.png'))
})

/** What every command promises. */
describe.each(Object.entries<CommandCase>(cases))('atelier %s', (name, { line, isDone }) => {
  const { summary, args, flags } = commands[name as CommandName] as Command

  test('--help names what it takes, and runs nothing', async () => {
    const { code, out, err } = await call([name, '--help'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const words = out.replace(/\s+/g, ' ')
    for (const text of [summary, ...args.map((arg) => arg.text), ...flags.map((flag) => flag.text)])
      expect(words).toContain(text)
  })

  test('--json writes one document and nothing beside it', async () => {
    documentOf(await call([name, ...line, '--json'], isDone))
  })

  test('a flag that it does not have is refused', async () => {
    expectRefusal(await call([name, ...line, '--nonsense']), /unknown option '--nonsense'.*--help/)
  })

  test('one argument too many is refused', async () => {
    if (args.at(-1)?.flags.includes('...')) return
    const more = [...args.map((_, i) => line[i] ?? 'x'), 'more']
    expectRefusal(await call([name, ...more]), new RegExp(`${name}: expected .*received .*"more"`))
  })
})
