import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { writeIdxImages, writeIdxLabels } from '../src/data/idx.ts'
import { network } from '../src/model/named.ts'
import type { ModelSpec } from '../src/model/spec.ts'
import { atelier, expectRefusal, workplace } from './support/cli.ts'

// Each wrong input as a user would give it: exit code 2, one line that says what, where and what to try, nothing written.
const place = workplace()
const silhouettes = 'silhouettes:train=200,test=20'
const train = ['train', '--model', 'mlp-small', '--data', silhouettes, '--epochs', '1', '--quiet']

async function refuses(args: readonly string[], message: RegExp, env: Readonly<Record<string, string>> = {}) {
  expectRefusal(await atelier(args, { cwd: place.path, env }), message)
}

describe.concurrent('a line that cannot be read', () => {
  test.each<[string, RegExp]>([
    ['nonsense', /unknown command 'nonsense'.* atelier --help/],
    ['trian', /unknown command 'trian'\. Did you mean train\?/],
    ['--nonsense', /unknown option '--nonsense'/],
    [
      'train --optimiser sgd',
      /unknown option '--optimiser'\. Did you mean --optimizer\? .*atelier train --help/,
    ],
    ['train --epochs', /option '--epochs <n>' argument missing/],
    ['train mlp-small', /train: expected flags only, received "mlp-small"/],
    ['train', /--model: expected one of mlp-deep-thin, .*, or a JSON file, received nothing/],
    ['evaluate', /missing required argument 'run'/],
    ['evaluate a b', /evaluate: expected <run>, received "a" "b"/],
    ['compare', /missing required argument 'runs'/],
    ['doctor x', /doctor: expected flags only/],
    ['study mnist', /study: expected fashion-mnist.* received "mnist"\. .*--data/],
    ['study --profile slow', /--profile: expected one of quick, full, recipes, sprint, received "slow"/],
  ])('atelier %s', async (line, message) => {
    await refuses(line.split(' '), message)
  })
})

describe.concurrent('a flag with a value that cannot be', () => {
  test.each<[string, string, RegExp]>([
    ['--learning-rate', '-0.1', /expected a number above 0, received "-0.1"\. 0.01 is usual\./],
    ['--learning-rate', '0', /expected a number above 0/],
    ['--learning-rate', 'NaN', /expected a number above 0, received "NaN"/],
    ['--learning-rate', '', /expected a value, received ""/],
    ['--learning-rate', '0x10', /expected a number above 0, received "0x10"/],
    ['--learning-rate', 'Infinity', /expected a number above 0/],
    ['--momentum', '1', /expected a number from 0 and below 1/],
    ['--epochs', '0', /expected a whole number from 1, received "0"/],
    ['--epochs', '1.5', /expected a whole number from 1, received "1.5"/],
    ['--epochs', 'ten', /expected a whole number/],
    ['--batch', '0', /expected a whole number from 1 up to 4096, received "0"/],
    ['--batch', '5000', /expected a whole number from 1 up to 4096/],
    ['--seed', '-1', /expected a whole number from 0, received "-1"/],
    ['--seed', '1e300', /expected a whole number from 0/],
    ['--seeds', '1,2,1', /expected two different whole numbers or more, with commas between/],
    ['--seeds', '7', /received "7"\. 1,2,3 is usual/],
    ['--dropout', '1', /expected a number from 0 and below 1, received "1"/],
    ['--validation', '0', /expected a number above 0 and below 1/],
    ['--early-stopping', '0', /expected a whole number from 1/],
    ['--min-delta', '0.1', /expected --early-stopping beside it/],
    ['--threads', '0', /expected a whole number from 1 up to 64/],
    ['--optimizer', 'adma', /expected one of sgd, adam.*received "adma"\. Did you mean adam\?/],
    ['--activation', 'softplus', /expected one of relu, sigmoid, tanh/],
    ['--loss', 'mse', /expected one of cross-entropy, softmax-twice/],
    ['--monitor', 'loss', /expected one of val-loss, val-accuracy/],
    ['--backend', 'gpu', /expected one of native, wasm, reference, received/],
    ['--arithmetic', 'fast', /expected one of strict, fused/],
    ['--init', 'uniform(1)', /expected one of he-uniform, .*uniform\(low, high\)/],
    ['--model', 'mlp-smal', /expected one of .*\. Did you mean mlp-small\?/],
    ['--data', 'nonsense', /expected one of fashion-mnist, .*received "nonsense"/],
  ])('%s "%s"', async (flag, value, message) => {
    await refuses([...train, flag, value], message)
  })

  test('flags that would change nothing are refused, not ignored', async () => {
    await refuses(
      [...train, '--optimizer', 'adam', '--momentum', '0.5'],
      /--momentum: expected the optimizer sgd/,
    )
    await refuses(
      [...train, '--optimizer', 'adam', '--no-nesterov'],
      /--no-nesterov: expected the optimizer sgd/,
    )
  })

  test('fused arithmetic on a backend that has none', async () => {
    const flags = ['--backend', 'reference', '--arithmetic', 'fused']
    await refuses([...train, ...flags], /arithmetic: expected strict on the reference backend/)
  })
})

describe.concurrent('a network that cannot be', () => {
  type Node = ModelSpec['nodes'][number]
  const input: Node = { name: 'in', kind: 'input', inputs: [], options: { shape: [28, 28, 1] } }
  const flatten: Node = { name: 'flat', kind: 'flatten', inputs: ['in'], options: {} }
  const node = (name: string, kind: string, from: string, options: object) =>
    ({ name, kind, inputs: [from], options }) as unknown as Node
  const out = (from: string, options: object = {}) => node('out', 'dense', from, { units: 10, ...options })
  const net = (...nodes: Node[]) => ({ name: 'mine', nodes, output: 'out' })

  test.each<[string, unknown, RegExp]>([
    ['no JSON', '{"name": ', /no JSON\.json: expected JSON, received .*bracket or a comma/],
    ['nothing', '', /nothing\.json: expected JSON, received nothing/],
    ['a list', [], /a list\.json: expected an object, received an empty list/],
    [
      'no name',
      { nodes: [input, flatten, out('flat')], output: 'out' },
      /no name\.json: name: expected a text/,
    ],
    [
      'an unknown layer',
      net(input, node('x', 'attention', 'in', {})),
      /nodes\[1\]\.kind: expected one of input, dense/,
    ],
    [
      'shapes that do not fit',
      net(input, out('in')),
      /out \(dense\): expected \[features\].*Put flatten\(\) before it/,
    ],
    [
      'a circle',
      net(
        input,
        flatten,
        node('a', 'dense', 'b', { units: 3 }),
        node('b', 'dense', 'a', { units: 3 }),
        out('b'),
      ),
      /a circle\.json: a \(dense\): expected inputs that stand before it, received "b"/,
    ],
    [
      'a layer that leads nowhere',
      net(input, flatten, node('aside', 'dense', 'flat', { units: 3 }), out('flat')),
      /a layer that leads nowhere\.json: aside \(dense\): expected a layer that leads to the output, out/,
    ],
    ['an unknown input', net(input, flatten, out('nowhere')), /out \(dense\): .*received "nowhere"/],
    [
      'one name twice',
      net(input, flatten, flatten, out('flat')),
      /flat \(flatten\): expected a name of its own/,
    ],
    [
      'no units',
      net(input, flatten, out('flat', { units: 0 })),
      /units: expected a number above 0, received 0/,
    ],
    [
      'half units',
      net(input, flatten, out('flat', { units: 1.5 })),
      /units: expected a whole number, received 1.5/,
    ],
    [
      'an unknown option',
      net(input, flatten, out('flat', { width: 3 })),
      /expected no other keys, received "width"/,
    ],
    [
      'more weights than memory can name',
      net(input, flatten, node('vast', 'dense', 'flat', { units: 3_000_000 }), out('vast')),
      /network: expected at most 2147483647 numbers .*\. A smaller batch/,
    ],
    [
      'an unknown activation',
      net(input, flatten, out('flat', { activation: 'gelu' })),
      /activation: expected one of linear, relu, .*received "gelu"/,
    ],
    [
      'an unknown start',
      net(input, flatten, out('flat', { initializer: 'sevens' })),
      /initializer: expected one of he-uniform, .*received "sevens"/,
    ],
    ['other classes', net(input, flatten, out('flat', { units: 7 })), /expected 10 classes, received 7/],
    [
      'larger images',
      net({ ...input, options: { shape: [32, 32, 1] } }, flatten, out('flat')),
      /expected images of shape \[32, 32, 1\], received \[28, 28, 1\]/,
    ],
  ])('%s', async (name, spec, message) => {
    const file = `${name}.json`
    await writeFile(join(place.path, file), typeof spec === 'string' ? spec : JSON.stringify(spec))
    await refuses([...train, '--model', file], message)
  })

  test('a file that is not there', async () => {
    await refuses([...train, '--model', 'nowhere.json'], /nowhere\.json: expected a network as a JSON file/)
  })

  test('flags for named networks beside a file', async () => {
    await writeFile(join(place.path, 'good.json'), JSON.stringify(network('mlp-small')))
    await refuses(
      [...train, '--model', 'good.json', '--dropout', '0.2'],
      /--dropout: expected a named network, received good\.json/,
    )
  })
})

describe.concurrent('data that are not what they should be', () => {
  const images = (count: number, size = 28) => {
    const pixels = Uint8Array.from({ length: count * size * size }, (_, i) => (i * 31 + (i >> 7)) % 256)
    return writeIdxImages({ count, height: size, width: size, channels: 1, pixels })
  }
  const labels = (count: number, classes = 10) =>
    writeIdxLabels(Uint8Array.from({ length: count }, (_, i) => i % classes))
  const gz = gzipSync(images(200))
  const damaged = Uint8Array.from(gz, (byte, i) => (i === gz.length - 6 ? byte ^ 0xff : byte))

  const good: Readonly<Record<string, Uint8Array>> = {
    'train-images-idx3-ubyte': images(200),
    'train-labels-idx1-ubyte': labels(200),
    't10k-images-idx3-ubyte': images(50),
    't10k-labels-idx1-ubyte': labels(50),
  }
  const without = (file: string) => Object.fromEntries(Object.entries(good).filter(([name]) => name !== file))
  const { 'train-images-idx3-ubyte': trainImages, 'train-labels-idx1-ubyte': trainLabels } = good

  test.each<[string, Readonly<Record<string, Uint8Array>>, RegExp]>([
    ['an empty folder', {}, /expected the files train-images-idx3-ubyte, .*received an empty folder/],
    ['a file too few', without('t10k-labels-idx1-ubyte'), /received no t10k-labels-idx1-ubyte/],
    [
      'a .gz cut short',
      { ...without('train-images-idx3-ubyte'), 'train-images-idx3-ubyte.gz': gz.subarray(0, gz.length / 2) },
      /train-images-idx3-ubyte\.gz: expected a whole gzip file, received a file that was cut short\. Fetch/,
    ],
    [
      'a damaged .gz',
      { ...without('train-images-idx3-ubyte'), 'train-images-idx3-ubyte.gz': damaged },
      /train-images-idx3-ubyte\.gz: expected a whole gzip file, received a damaged file/,
    ],
    [
      'a wrong magic number',
      { ...good, 'train-images-idx3-ubyte': Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) },
      /train-images-idx3-ubyte: expected IDX images \(magic number 0x00000803\), received 0x01020304/,
    ],
    [
      'images and labels exchanged',
      { ...good, 'train-images-idx3-ubyte': trainLabels, 'train-labels-idx1-ubyte': trainImages },
      /received IDX labels .*exchanged/,
    ],
    [
      'a file cut short',
      { ...good, 'train-images-idx3-ubyte': trainImages.subarray(0, 5000) },
      /expected 156816 bytes, as its header says \(200×28×28\), received 5000 bytes/,
    ],
    [
      'fewer labels than images',
      { ...good, 'train-labels-idx1-ubyte': labels(199) },
      /expected as many labels as images, received 200 images and 199 labels/,
    ],
    [
      'labels out of range',
      { ...good, 't10k-labels-idx1-ubyte': labels(50, 11) },
      /test labels: expected labels from 0 to 9, received 10 at position 10/,
    ],
    [
      'test images of another size',
      { ...good, 't10k-images-idx3-ubyte': images(50, 32) },
      /test images: expected the size of the training images, 28×28×1, received 32×32×1/,
    ],
  ])('%s', async (name, files, message) => {
    const folder = name.replaceAll(/[^a-z]/g, '')
    mkdirSync(join(place.path, folder))
    for (const [file, bytes] of Object.entries(files)) writeFileSync(join(place.path, folder, file), bytes)
    await refuses([...train, '--data', `idx:${folder}`], message)
    await refuses(['data', `idx:${folder}`], message)
  })

  test('files that are not the published ones, by their MD5', async () => {
    mkdirSync(join(place.path, 'false-fashion'))
    for (const [file, bytes] of Object.entries(good)) {
      writeFileSync(join(place.path, 'false-fashion', `${file}.gz`), gzipSync(bytes))
    }
    await refuses(
      ['data', 'fashion-mnist:false-fashion'],
      /false-fashion\/[^ ]+\.gz: expected MD5 [0-9a-f]{32}, received [0-9a-f]{32}\. This is not the published file/,
    )
  })

  test('a folder that is none, an empty name, too many images', async () => {
    await refuses(['data', 'idx:nowhere'], /nowhere: expected a folder with the files .*, received no folder/)
    await refuses(['data', 'idx:'], /data: expected idx:DIR, received nothing after the colon/)
    await refuses(['data', 'silhouettes:train=99999999999'], /silhouettes: expected whole numbers/)
  })

  test('an audit asked in a wrong way', async () => {
    const audit = ['data', silhouettes, '--audit']
    await refuses([...audit, '--threshold', '300'], /--threshold: expected a number from 0 up to 255/)
    await refuses([...audit, '--network', 'cnn-smal'], /--network: expected one of .*Did you mean cnn-small/)
    await refuses([...audit, '--folds', '1'], /--folds: expected a whole number from 2 up to 100/)
    await refuses(['data', silhouettes, '--folds', '3'], /--folds: expected --audit beside it/)
    await refuses([...audit, '--out', '/proc/a'], /expected a directory that can be made/)
  })

  test('ATELIER_DATA that leads nowhere', async () => {
    await refuses(['data'], /ATELIER_DATA: expected a folder with one sub-folder a dataset/, {
      ATELIER_DATA: join(place.path, 'nowhere'),
    })
  })
})

describe.concurrent('a place where nothing can be written', () => {
  beforeAll(() => writeFile(join(place.path, 'file'), ''))
  test.each<[string, RegExp]>([
    ['file', /file: expected a directory that does not exist yet, received a file\. Choose another --out/],
    ['file/below', /file: expected a directory that can be made, received a file\. Choose a place/],
    ['/proc/run', /\/proc\/run: expected a directory that can be made/],
    ['/proc/a/b', /\/proc\/a: expected a directory that can be made/],
    ['', /--out: expected a value, received ""/],
  ])('--out "%s"', async (out, message) => {
    await refuses([...train, '--out', out], message)
    await refuses(['study', '--data', silhouettes, '--quiet', '--out', out], message)
    expect(statSync(join(place.path, 'file')).isFile()).toBe(true)
    if (out !== 'file') await refuses(['data', silhouettes, '--out', out], message)
  })
})

/** Makes a run one of version 1, so that a change reaches what lies behind the look at the checksums. */
async function withoutChecksum(manifest: string): Promise<void> {
  const text = await readFile(manifest, 'utf8')
  await writeFile(
    manifest,
    text.replace(/ *"checksum": "\w+",\n/, '').replace('"schemaVersion": 2', '"schemaVersion": 1'),
  )
}

describe.concurrent('a run that is not what it should be', () => {
  let good: string
  beforeAll(async () => {
    good = join(place.path, 'good')
    expect(await atelier([...train, '--out', good], { cwd: place.path })).toMatchObject({ code: 0 })
    expect(await atelier(['evaluate', good], { cwd: place.path })).toMatchObject({ code: 0 })
  })

  test('one that exists is not touched', async () => {
    const before = await readFile(join(good, 'events.jsonl'), 'utf8')
    await refuses(
      [...train, '--out', good],
      /good: expected a directory that does not exist yet, received one that does/,
    )
    expect(await readFile(join(good, 'events.jsonl'), 'utf8')).toBe(before)
  })

  test('none there, a file, another directory', async () => {
    await refuses(['evaluate', 'nowhere'], /nowhere: expected the directory of a run, received nothing there/)
    await refuses(
      ['evaluate', join(good, 'manifest.json')],
      /expected the directory of a run, received a file/,
    )
    await refuses(['evaluate', '.'], /manifest\.json: expected a run’s manifest, received nothing there/)
  })

  test('other data than it was trained on', async () => {
    await refuses(
      ['evaluate', good, '--data', 'silhouettes:train=201,test=20'],
      /expected the content that the run was trained on \([0-9a-f]+…\), received another/,
    )
  })

  test('fewer than two runs to compare', async () => {
    await refuses(['compare', good], /compare: expected two runs or more/)
    await refuses(['compare', good, `${good}/`], /compare: expected two runs or more/)
  })

  test.each<[string, string, (text: string) => string | undefined, RegExp]>([
    [
      'cut',
      'manifest.json',
      (text) => text.slice(0, 100),
      /manifest\.json: expected JSON, received Unterminated string in JSON/,
    ],
    ['empty', 'manifest.json', () => '', /manifest\.json: expected JSON, received nothing/],
    [
      'of another version',
      'manifest.json',
      (text) => text.replace('"schemaVersion": 1', '"schemaVersion": 9'),
      /manifest\.json: schemaVersion: expected 2, received 9\. The file was changed, or written by another version/,
    ],
    [
      'with an unknown layer',
      'manifest.json',
      (text) => text.replace('"kind": "dense"', '"kind": "sparse"'),
      /manifest\.json: model\.nodes\[1\]\.kind: expected one of .*received "sparse"/,
    ],
    [
      'of another network',
      'manifest.json',
      (text) => text.replace('"units": 128', '"units": 64'),
      /weights: hidden_layer_1\/kernel: expected [^.]*\[784, 64\], received \[784, 128\]/,
    ],
    [
      'with an unknown event',
      'events.jsonl',
      (text) => text.replace('"type":"epoch"', '"type":"era"'),
      /events\.jsonl: line 2: type: expected .*received "era"/,
    ],
    [
      'with a broken line',
      'events.jsonl',
      (text) => text.replace('{"type":"epoch"', '{type:"epoch"'),
      /events\.jsonl: line 2: expected JSON/,
    ],
    [
      'gone',
      'events.jsonl',
      () => undefined,
      /events\.jsonl: expected a run’s events, received nothing there/,
    ],
    ['no safetensors', 'weights.safetensors', () => 'hello, weights', /expected a safetensors file/],
    [
      'empty',
      'weights.safetensors',
      () => '',
      /weights\.safetensors: expected a safetensors file, received 0 bytes/,
    ],
    [
      'gone',
      'weights.safetensors',
      () => undefined,
      /weights\.safetensors: expected a run’s weights, received nothing/,
    ],
  ])('%s: %s', async (how, file, change, message) => {
    const bad = join(place.path, `${how} ${file}`)
    await cp(good, bad, { recursive: true })
    await withoutChecksum(join(bad, 'manifest.json'))
    const changed = change(await readFile(join(bad, file), 'utf8'))
    if (changed === undefined) await rm(join(bad, file))
    else await writeFile(join(bad, file), changed)
    await refuses(['evaluate', bad], message)
  })

  test('weights cut short', async () => {
    const bad = join(place.path, 'cut-weights')
    await cp(good, bad, { recursive: true })
    const weights = await readFile(join(bad, 'weights.safetensors'))
    await writeFile(join(bad, 'weights.safetensors'), weights.subarray(0, -100))
    await refuses(
      ['evaluate', bad],
      /weights\.safetensors: expected the file as it was written, received one with another checksum/,
    )
  })

  test('a damaged evaluation says how to write it anew', async () => {
    const bad = join(place.path, 'bad-test')
    await cp(good, bad, { recursive: true })
    await writeFile(join(bad, 'test.json'), '{"accuracy"')
    await refuses(['compare', good, bad], /test\.json: expected JSON.*atelier evaluate .*bad-test/)
  })

  test('a torn last line is left out, with a warning', async () => {
    const torn = join(place.path, 'torn')
    await cp(good, torn, { recursive: true })
    const events = await readFile(join(torn, 'events.jsonl'), 'utf8')
    await writeFile(join(torn, 'events.jsonl'), events.slice(0, -20))
    for (const line of [
      ['evaluate', torn],
      ['compare', good, torn],
    ]) {
      const { code, err } = await atelier(line)
      expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/^Warning: .*last line is torn/) })
    }
    expect(existsSync(join(torn, 'test.json'))).toBe(true)
  })
})

test('after all of this no run was begun', () => {
  expect(existsSync(join(place.path, 'runs'))).toBe(false)
})
