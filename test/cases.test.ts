import { execFile } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { key, uniforms } from '../src/base/random.ts'
import { assemble, label } from '../src/data/assemble.ts'
import { writeIdxImages, writeIdxLabels } from '../src/data/idx.ts'
import { drawSilhouettes } from '../src/data/silhouettes/silhouettes.ts'
import { loadDataset, parseSource } from '../src/data/source.ts'
import { split } from '../src/data/split.ts'
import { chooseBackend } from '../src/engine/choose.ts'
import type { NamedTensor } from '../src/model/network.ts'
import { evaluateModel } from '../src/recognition/evaluate-model.ts'
import { readModelFile } from '../src/runs/run.ts'
import { checkPlanOn } from '../src/study/check-plan-on.ts'
import { profile, profiles } from '../src/study/profiles.ts'
import { atelier, documentOf, expectRefusal, workplace } from './support/cli.ts'

// Inputs of the kinds on which public tools, and once this one, were wrong. The other cases stand where their subject is
// tested: `grep -rn "case 12" src test` finds one.
const place = workplace()
const root = fileURLToPath(new URL('..', import.meta.url))

type Kept = (label: number, position: number) => boolean

/** IDX files of some silhouettes with the names of their classes; returns the folder. */
async function putIdx(name: string, classNames: readonly string[], keeps: Kept): Promise<string> {
  const folder = join(place.path, name)
  await mkdir(folder)
  for (const [prefix, part, count] of [
    ['train', 'train', 400],
    ['t10k', 'test', 200],
  ] as const) {
    const all = drawSilhouettes(1, part, count)
    const kept = [...all.labels.keys()].filter((i) => keeps(all.labels[i], part === 'train' ? i : 0))
    const pixels = Buffer.concat(kept.map((i) => all.pixels.subarray(i * 784, (i + 1) * 784)))
    const labels = Uint8Array.from(kept, (i) => all.labels[i])
    const images = writeIdxImages({ ...all, count: kept.length, pixels })
    await writeFile(join(folder, `${prefix}-images-idx3-ubyte`), images)
    await writeFile(join(folder, `${prefix}-labels-idx1-ubyte`), writeIdxLabels(labels))
  }
  await writeFile(join(folder, 'classes.txt'), classNames.join('\n'))
  return folder
}

describe('case 07: classes in another order', () => {
  const names = ['top', 'trousers', 'pullover', 'dress']

  /** The same classifier, which knows its classes the other way round. */
  const reversed = (tensors: readonly NamedTensor[]): NamedTensor[] =>
    tensors.map((tensor, i) => {
      if (i < tensors.length - 2) return tensor
      const width = names.length
      const from = (at: number) => at - (at % width) + (width - 1 - (at % width))
      return { ...tensor, values: tensor.values.map((_, at) => tensor.values[from(at)]) }
    })

  test('is matched by name in weights, and refused for a run whose list was changed', async () => {
    const folder = await putIdx('clothes', names, (label) => label < names.length)
    const at = join(place.path, 'clothes-run')
    const line = ['train', '--data', `idx:${folder}`, '--model', 'mlp-small', '--epochs', '3', '--out', at]
    expect(await atelier([...line, '--optimizer', 'adam'])).toMatchObject({ code: 0 })
    const dataset = await loadDataset(parseSource(`idx:${folder}`))
    const file = await readModelFile(join(at, 'weights.safetensors'))
    const turned = { ...file, tensors: reversed(file.tensors), classNames: [...names].reverse() }
    const engine = chooseBackend({ threads: 1 })
    const [straight, permuted] = [file, turned].map((each) => evaluateModel(each, dataset, engine).evaluation)
    expect(straight.accuracy).toBeGreaterThan(0.6)
    expect(permuted.accuracy).toBe(straight.accuracy)
    expect(permuted.perClass.find(({ name }) => name === 'top')).toEqual(straight.perClass[0])

    await writeFile(join(folder, 'classes.txt'), [...names].reverse().join('\n'))
    expectRefusal(await atelier(['evaluate', at]), /the classes of the run in their order, top, trousers/)
  })
})

test('case 20: the types need nothing that a project may lack', async () => {
  const project = join(place.path, 'project')
  await mkdir(join(project, 'node_modules'), { recursive: true })
  await symlink(root, join(project, 'node_modules/atelier'))
  await writeFile(join(project, 'package.json'), '{"type":"module"}')
  await writeFile(join(project, 'a.ts'), "import * as at from 'atelier'; console.log(at.train)")
  const flags = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    'false',
    '--target',
    'es2022',
    '--module',
    'nodenext',
  ]
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const { stdout } = await promisify(execFile)(process.execPath, [tsc, ...flags, '--types', '', 'a.ts'], {
    cwd: project,
  })
  expect(stdout).toBe('')
})

test('case 21: a byte-order mark before JSON changes nothing', async () => {
  const second = { oneOf: [8], when: { depth: 2 } }
  const parameters = { batch: [16, 32], first: [8], second, depth: [1, 2] }
  const space = join(place.path, 'marked.json')
  await writeFile(space, `\ufeff${JSON.stringify({ parameters })}`)
  const line = [
    'tune',
    space,
    '--trials',
    '1',
    '--epochs',
    '1',
    '--data',
    'silhouettes:train=300,test=60',
    '--json',
  ]
  const found = documentOf(await atelier([...line, '--out', join(place.path, 'marked')]))
  expect(found).toMatchObject({ counts: { trials: 1, complete: 1 } })
})

test('case 24: a set with a class too small to be divided is shown, and says so', async () => {
  // All that is kept of class c is one image for training, and those for the test.
  const folder = await putIdx('small', ['a', 'b', 'c'], (label, i) => label < 2 || (label === 2 && i < 10))
  const source = `idx:${folder}`
  const answer = await atelier(['data', source, '--json', '--out', join(place.path, 'small-figures')])
  expect(documentOf(answer)).toMatchObject({
    splitHash: null,
    splitFault: { at: 'validation', received: '1 and 0 of 1', hint: expect.stringContaining('leave it out') },
  })
  expect(answer.err).toMatch(/^Warning: This set cannot be divided/)
  expectRefusal(await atelier(['train', '--data', source, '--model', 'mlp-small']), /class c on each side/)
})

describe('case 25: images smaller than those of the reference', () => {
  const size = 8
  const images = (count: number) => {
    const pixels = Uint8Array.from(uniforms(key(count), count * size * size), (u) => 255 * u)
    const labels = Uint8Array.from({ length: count }, (_, i) => i % 10)
    return label({ count, height: size, width: size, channels: 1, pixels }, labels, 'digits')
  }
  const classNames = Array.from('0123456789')
  const dataset = assemble({
    source: 'csv:digits.csv',
    title: 'digits',
    classNames,
    train: images(200),
    test: images(100),
  })
  const splitOptions = { validation: 0.2, seed: 1 }
  const data = { dataset, split: split(dataset.train, splitOptions, classNames), splitOptions }

  test.each(Object.keys(profiles))('every stage of the profile %s fits them', async (name) => {
    await expect(checkPlanOn(profile(name), data)).resolves.toBeUndefined()
  })
})
