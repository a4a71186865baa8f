import { mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { InputError } from '../base/errors.ts'
import { parseCsv } from './csv.ts'
import type { LabeledImages } from './dataset.ts'
import { findDuplicates } from './duplicates.ts'
import { explore, valueRange } from './explore.ts'
import { fashionMnist } from './fashion-mnist.ts'
import { writeIdxImages, writeIdxLabels } from './idx.ts'
import { drawSilhouettes } from './silhouettes/silhouettes.ts'
import { formatSource, loadDataset, parseSource, type Source, sourceForms } from './source.ts'
import { split } from './split.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-source-'))
})
afterEach(() => rm(folder, { recursive: true }))

const train = drawSilhouettes(1, 'train', 20)
const held = drawSilhouettes(1, 'test', 10)
const whole: Readonly<Record<string, Uint8Array>> = {
  'train-images-idx3-ubyte': writeIdxImages(train),
  'train-labels-idx1-ubyte': writeIdxLabels(train.labels),
  't10k-images-idx3-ubyte': writeIdxImages(held),
  't10k-labels-idx1-ubyte': writeIdxLabels(held.labels),
}

/** Writes the four files, some of them changed, added or (undefined) left out; returns the source. */
async function put(changes: Readonly<Record<string, Uint8Array | string | undefined>> = {}): Promise<string> {
  for (const [name, content] of Object.entries({ ...whole, ...changes }))
    if (content !== undefined) await writeFile(join(folder, name), content)
  return `idx:${folder}`
}

/** Writes each image as a PNG into the sub-folder of its class; returns the source. */
async function putPictures(root: string, images = drawSilhouettes(1, 'train', 60)): Promise<string> {
  for (let i = 0; i < images.count; i++) {
    const directory = join(root, `class ${images.labels[i]}`)
    await mkdir(directory, { recursive: true })
    const raw = { width: 28, height: 28, channels: 1 as const }
    await sharp(images.pixels.subarray(i * 784, (i + 1) * 784), { raw })
      .toColorspace('b-w')
      .png()
      .toFile(join(directory, `${String(i).padStart(3, '0')}.png`))
  }
  return `folder:${root}`
}

function tableOf({ count, labels, pixels }: LabeledImages): string {
  const lines = Array.from({ length: count }, (_, i) =>
    [labels[i], ...pixels.subarray(i * 784, (i + 1) * 784)].join(),
  )
  return ['label,pixels', ...lines, ''].join('\n')
}

async function putTable(text: string): Promise<string> {
  await writeFile(join(folder, 'table.csv'), text)
  return `csv:${join(folder, 'table.csv')}`
}

const load = (text: string) => loadDataset(parseSource(text))

interface SourceCase {
  /** Makes the data ready and says where they are. */
  readonly ready: () => Promise<string>
  /** Whether it needs the published files, which are where ATELIER_DATA says. */
  readonly isPublished?: boolean
}

/** A case for every kind of source: one without does not compile. */
const cases: Record<Source['type'], SourceCase> = {
  'fashion-mnist': { ready: async () => 'fashion-mnist', isPublished: true },
  mnist: { ready: async () => 'mnist', isPublished: true },
  silhouettes: { ready: async () => 'silhouettes:train=20,test=10' },
  idx: { ready: () => put() },
  folder: { ready: () => putPictures(folder) },
  csv: { ready: () => putTable(tableOf(drawSilhouettes(1, 'train', 100))) },
}

/** What every source promises. */
function describeSource(name: string, { ready: source, isPublished = false }: SourceCase): void {
  describe.skipIf(isPublished && !process.env.ATELIER_DATA)(`the source ${name}`, () => {
    test('is read back from what it writes', async () => {
      const parsed = parseSource(await source())
      expect(parseSource(formatSource(parsed))).toEqual(parsed)
    })

    test('gives a whole, sealed set whose labels have names, and the same hash each time', async () => {
      const text = await source()
      const [first, second] = [await load(text), await load(text)]
      const { count, height, width, channels, pixels, labels } = first.train
      expect(first.source).toBe(text)
      expect(pixels.length).toBe(count * height * width * channels)
      expect(labels.length).toBe(count)
      expect(labels.every((label) => label < first.classNames.length)).toBe(true)
      expect(Object.keys(first.test)).toEqual(['count', 'classCounts'])
      expect(first.test.classCounts.reduce((a, b) => a + b)).toBe(first.test.count)
      expect(first.hash).toMatch(/^[0-9a-f]{64}$/)
      expect(second.hash).toBe(first.hash)
    })
  })
}

for (const [name, each] of Object.entries(cases)) describeSource(name, each)

describe('a source as it is written', () => {
  test('becomes a plain value', () => {
    expect(parseSource('silhouettes')).toEqual({ type: 'silhouettes', train: 12_000, test: 2_000, seed: 1 })
    expect(parseSource('silhouettes:seed=7,train=50')).toEqual({
      type: 'silhouettes',
      train: 50,
      test: 2_000,
      seed: 7,
    })
    expect(parseSource('idx:C:\\parts')).toEqual({ type: 'idx', directory: 'C:\\parts' })
    expect(parseSource('mnist')).toEqual({ type: 'mnist', directory: undefined })
    expect(parseSource('fashion-mnist:./here')).toEqual({ type: 'fashion-mnist', directory: './here' })
  })

  test.each(['', 'fashion', 'toString', 'constructor:x'])(
    '"%s" is refused with a list of what exists',
    (text) => {
      const forms = sourceForms.map(({ form }) => form).join(', ')
      expect(() => parseSource(text)).toThrow(`data: expected one of ${forms}, received "${text}"`)
    },
  )

  test('a bare path is answered with the right spelling', () => {
    expect(() => parseSource('./parts')).toThrow('For a folder of IDX files write idx:./parts.')
  })

  test.each(['idx', 'idx:'])('"%s" lacks its folder', (text) => {
    expect(() => parseSource(text)).toThrow('data: expected idx:DIR, received nothing after the colon')
  })

  test.each(['train=0', 'train=-1', 'train=1e3', 'train', 'size=3', 'seed=x', 'test=0'])(
    'silhouettes:%s is refused',
    (text) => {
      expect(() => parseSource(`silhouettes:${text}`)).toThrow(InputError)
    },
  )
})

describe('a folder of IDX files', () => {
  test('may hold them plain, as .gz, or with a dot in their names: the content and its hash are the same', async () => {
    const { hash } = await load(await put())
    const packed = join(folder, 'packed')
    await mkdir(packed)
    for (const [name, bytes] of Object.entries(whole))
      await writeFile(join(packed, `${name}.gz`), gzipSync(bytes))
    expect((await load(`idx:${packed}`)).hash).toBe(hash)
    const dotted = join(folder, 'dotted')
    await mkdir(dotted)
    for (const [name, bytes] of Object.entries(whole))
      await writeFile(join(dotted, name.replace('-idx', '.idx')), bytes)
    expect((await load(`idx:${dotted}`)).hash).toBe(hash)
  })

  test('names its classes by number, or by the lines of classes.txt', async () => {
    expect((await load(await put())).classNames).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k']
    expect((await load(await put({ 'classes.txt': `${names.join('\r\n')}\n` }))).classNames).toEqual(names)
  })

  test('has another hash when one pixel, or one label, is another', async () => {
    const { hash } = await load(await put())
    const bytes = Uint8Array.from(whole['t10k-images-idx3-ubyte'])
    bytes[16] ^= 1
    expect((await load(await put({ 't10k-images-idx3-ubyte': bytes }))).hash).not.toBe(hash)
    const labels = Uint8Array.from(train.labels).reverse()
    expect((await load(await put({ 'train-labels-idx1-ubyte': writeIdxLabels(labels) }))).hash).not.toBe(hash)
  })

  test('that is missing, empty or incomplete says which files were expected', async () => {
    const files =
      'train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte'
    await expect(load(`idx:${folder}/absent`)).rejects.toThrow(
      `absent: expected a folder with the files ${files}, received no folder`,
    )
    await expect(load(`idx:${folder}`)).rejects.toThrow(
      `${folder}: expected the files ${files}, received an empty folder. Each may be plain or end in .gz.`,
    )
    await expect(load(await put({ 't10k-labels-idx1-ubyte': undefined }))).rejects.toThrow(
      'received no t10k-labels-idx1-ubyte',
    )
  })

  test('whose images and labels differ in number is refused', async () => {
    const labels = writeIdxLabels(train.labels.subarray(1))
    await expect(load(await put({ 'train-labels-idx1-ubyte': labels }))).rejects.toThrow(
      `${folder}, train-images-idx3-ubyte: expected as many labels as images, received 20 images and 19 labels`,
    )
  })

  test('with a label that has no name is refused', async () => {
    await expect(load(await put({ 'labels.txt': 'a\nb\nc' }))).rejects.toThrow(
      /expected labels from 0 to 2, received \d at position \d/,
    )
  })

  test('with a test label that training never shows is refused', async () => {
    const labels = writeIdxLabels(Uint8Array.from(held.labels).fill(200, 3, 4))
    await expect(load(await put({ 't10k-labels-idx1-ubyte': labels }))).rejects.toThrow(
      'test labels: expected labels from 0 to 9, received 200 at position 3',
    )
  })

  test('whose test images are of another size is refused', async () => {
    const small = { ...held, height: 14, width: 56 }
    await expect(load(await put({ 't10k-images-idx3-ubyte': writeIdxImages(small) }))).rejects.toThrow(
      'test images: expected the size of the training images, 28×28×1, received 14×56×1',
    )
  })

  test('without images, or with one class alone, is refused', async () => {
    const none = { ...train, count: 0, pixels: new Uint8Array() }
    const empty = {
      'train-images-idx3-ubyte': writeIdxImages(none),
      'train-labels-idx1-ubyte': writeIdxLabels(new Uint8Array()),
    }
    await expect(load(await put(empty))).rejects.toThrow('expected at least one image, received none')
    const zeros = { 'train-labels-idx1-ubyte': writeIdxLabels(new Uint8Array(20)) }
    await expect(load(await put({ ...whole, ...zeros }))).rejects.toThrow(
      'expected 2 to 256 classes, received 1',
    )
  })

  test.each([
    ['cut short', gzipSync(whole['train-images-idx3-ubyte']).subarray(0, 500), 'a file that was cut short'],
    ['no IDX file', new TextEncoder().encode('label,pixel1'), 'It is no IDX file'],
    ['a file of labels', whole['train-labels-idx1-ubyte'], 'may have been exchanged'],
  ])('whose training images are %s is refused', async (_, bytes, message) => {
    await expect(load(await put({ 'train-images-idx3-ubyte': bytes }))).rejects.toThrow(message)
  })
})

describe('a folder of pictures', () => {
  test('gives the pixels of its pictures, and the names of its sub-folders', async () => {
    await putPictures(join(folder, 'train'), train)
    await putPictures(join(folder, 'test'), held)
    const { train: read, test, classNames } = await load(`folder:${folder}`)
    expect(classNames).toEqual(Array.from({ length: 10 }, (_, i) => `class ${i}`))
    expect([read.count, read.height, read.width, read.channels]).toEqual([20, 28, 28, 1])
    const first = train.labels.indexOf(0)
    expect(read.pixels.subarray(0, 784)).toEqual(train.pixels.subarray(first * 784, (first + 1) * 784))
    expect(test.classCounts).toEqual(new Array(10).fill(1))
  })

  test('in one piece gives a fifth of each class to the test', async () => {
    const { train: kept, test } = await load(await putPictures(folder))
    expect(kept.count).toBe(48)
    expect(test.count).toBe(12)
  })

  test('takes the size that is asked for', async () => {
    const { train: read, source } = await load(`${await putPictures(folder)}@14x20`)
    expect([read.width, read.height]).toEqual([14, 20])
    expect(source.endsWith('@14x20')).toBe(true)
    expect(() => parseSource('folder:x@0x3')).toThrow('expected a size from 1x1 to 4096x4096, received 0x3')
  })

  test('in color keeps its three channels, white where it is transparent', async () => {
    for (const name of ['a', 'b']) {
      await mkdir(join(folder, name))
      const color = { r: 200, g: 100, b: name === 'a' ? 0 : 50, alpha: name === 'a' ? 1 : 0 }
      for (let i = 0; i < 5; i++)
        await sharp({ create: { width: 3, height: 2, channels: 4, background: color } })
          .png()
          .toFile(join(folder, name, `${i}.png`))
    }
    const { train: read } = await load(`folder:${folder}`)
    expect([read.count, read.height, read.width, read.channels]).toEqual([8, 2, 3, 3])
    expect([...read.pixels.subarray(0, 3)]).toEqual([200, 100, 0])
    expect([...read.pixels.subarray(4 * 18, 4 * 18 + 3)]).toEqual([255, 255, 255])
  })

  test('of a camera that was turned has the size that is seen; a link that leads nowhere is passed over', async () => {
    for (const name of ['a', 'b']) {
      await mkdir(join(folder, name))
      for (let i = 0; i < 5; i++)
        await sharp({ create: { width: 3, height: 2, channels: 3, background: 'white' } })
          .withMetadata({ orientation: 6 }) // turned by a quarter
          .jpeg()
          .toFile(join(folder, name, `${i}.jpg`))
    }
    await symlink(join(folder, 'nowhere'), join(folder, 'c'))
    const { train: read, classNames } = await load(`folder:${folder}`)
    expect(classNames).toEqual(['a', 'b'])
    expect([read.height, read.width]).toEqual([3, 2])
  })

  test('with a broken picture, without pictures, or with too few is refused', async () => {
    await expect(load(`folder:${folder}/absent`)).rejects.toThrow(
      'expected a folder with one sub-folder a class',
    )
    await expect(load(`folder:${folder}`)).rejects.toThrow('received no sub-folder')
    await expect(load(await putPictures(folder, train))).rejects.toThrow('so a class needs about five images')
    await putPictures(folder)
    await writeFile(join(folder, 'class 0', 'a.png'), 'no picture')
    await expect(load(`folder:${folder}`)).rejects.toThrow('a.png: expected a PNG, JPEG')
  })

  test('whose test has a class that training lacks is refused', async () => {
    await putPictures(join(folder, 'train'), train)
    await putPictures(join(folder, 'test'), held)
    await mkdir(join(folder, 'test', 'hat'))
    await expect(load(`folder:${folder}`)).rejects.toThrow(
      'expected the classes of the training images, received hat',
    )
  })
})

describe('a table of pixels', () => {
  test('gives the images that are in it, with or without a line of names', async () => {
    const images = drawSilhouettes(1, 'train', 100)
    const table = tableOf(images)
    for (const text of [
      table,
      table.slice(table.indexOf('\n') + 1).trimEnd(),
      table.replaceAll('\n', '\r\n'),
    ]) {
      const read = parseCsv(new TextEncoder().encode(text), 'table')
      expect(read).toEqual(images)
    }
  })

  test.each([
    [
      '',
      'a label and the pixels of a square image in each line, as in label,pixel1,…,pixel784, received no line of numbers',
    ],
    ['1,2,3\n', 'received 3 columns'],
    [
      'label,p\n1,2\n3,256\n',
      'table.csv, line 3: expected whole numbers from 0 to 255, received 256 or more',
    ],
    ['1,2\n3\n', 'table.csv, line 2: expected 2 columns, received 1'],
    ['1,2\n3,4,5\n', 'table.csv, line 2: expected 2 columns, received more'],
    ['1,2\n3,-4\n', 'line 2: expected whole numbers from 0 to 255, received the character "-"'],
    ['1,2\n,4\n', 'line 2: expected a number in column 1, received none'],
  ])('%j is refused, with the line where there is one', async (text, message) => {
    await expect(load(await putTable(text))).rejects.toThrow(message)
  })

  // OpenML has the label of MNIST and of Fashion-MNIST in the last column.
  test.each(['class', 'label', '"Class"'])(
    'the label stands where the first line says %s (case 28)',
    (name) => {
      const text = `pixel1,pixel2,pixel3,pixel4,${name}\n0,1,2,3,9\n10,11,12,13,4\n`
      const { labels, pixels } = parseCsv(new TextEncoder().encode(text), 'table')
      expect([...labels]).toEqual([9, 4])
      expect([...pixels]).toEqual([0, 1, 2, 3, 10, 11, 12, 13])
    },
  )
  test('a first line that begins with a pixel and names no label is refused', () => {
    const text = 'pixel1,pixel2,pixel3,pixel4,shape\n0,1,2,3,9\n'
    expect(() => parseCsv(new TextEncoder().encode(text), 't.csv')).toThrow(
      /t\.csv, line 1: expected a column called label, class, .*received pixel1, pixel2, pixel3, …/,
    )
  })
  test('a byte-order mark costs no line', () => {
    const read = parseCsv(new TextEncoder().encode('\ufeff7,1\n8,2\n'), 'table')
    expect([...read.labels]).toEqual([7, 8])
  })
})

describe('a list of classes (case 19)', () => {
  const names = ['un', 'deux', 'trois', 'été', ...Array.from({ length: 6 }, (_, i) => `${i}`)]
  const named = async (bytes: Uint8Array | string) =>
    (await load(await put({ 'classes.txt': bytes }))).classNames
  test('is read in UTF-8 and, by its mark, in UTF-16', async () => {
    const text = `${names.join('\r\n')}\r\n`
    expect(await named(`\ufeff${text}`)).toEqual(names)
    const little = Buffer.from(`\ufeff${text}`, 'utf16le')
    expect(await named(little)).toEqual(names)
    expect(await named(Buffer.from(little).swap16())).toEqual(names)
  })
  test('in another encoding, or with a name twice, is refused', async () => {
    await expect(named(Buffer.from(names.join('\n'), 'latin1'))).rejects.toThrow(
      /classes\.txt: expected text in UTF-8/,
    )
    await expect(named(Buffer.from(names.join('\n'), 'utf16le'))).rejects.toThrow(/expected text in UTF-8/)
    await expect(named([...names.slice(0, 9), 'un'].join('\n'))).rejects.toThrow(
      /a name of its own .*"un" twice/,
    )
  })
})

describe('a folder of classes', () => {
  test('passes over what macOS leaves beside pictures and in zips (case 22)', async () => {
    const source = await putPictures(folder)
    const { hash, classNames } = await load(source)
    await writeFile(join(folder, 'class 1', '._000.png'), 'no picture')
    await mkdir(join(folder, '__MACOSX', 'class 1'), { recursive: true })
    await writeFile(join(folder, '__MACOSX', 'class 1', '._000.png'), 'no picture')
    expect(await load(source)).toMatchObject({ hash, classNames, notes: [] })
  })
  test('finds pictures in folders within a class', async () => {
    const source = await putPictures(folder)
    const { hash } = await load(source)
    await rename(join(folder, 'class 1'), join(folder, 'inner'))
    await mkdir(join(folder, 'class 1'))
    await rename(join(folder, 'inner'), join(folder, 'class 1', 'inner'))
    expect((await load(source)).hash).toBe(hash)
  })
  test('without pictures is no class, and is told with what it holds (case 10)', async () => {
    const source = await putPictures(folder)
    const { hash, classNames } = await load(source)
    await mkdir(join(folder, 'bitmaps'))
    for (const name of ['a.bmp', 'b.BMP']) await writeFile(join(folder, 'bitmaps', name), 'BM')
    await mkdir(join(folder, 'empty'))
    const again = await load(source)
    expect(again).toMatchObject({ hash, classNames })
    expect(again.notes).toEqual([
      expect.stringMatching(/bitmaps is no class: it holds 2 files \.bmp, and no picture\./),
      expect.stringMatching(/empty is no class: it holds nothing/),
    ])
  })
  test('of one picture is named by its name', async () => {
    await putPictures(folder)
    await mkdir(join(folder, 'zebra'))
    const [first] = await readdir(join(folder, 'class 1'))
    await rename(join(folder, 'class 1', first), join(folder, 'zebra', first))
    await expect(load(`folder:${folder}`)).rejects.toThrow(/at least one image of class zebra on each side/)
  })
})

test('a published set whose files have wrong MD5s is refused, wherever it lies', async () => {
  for (const { name } of Object.values(fashionMnist.files))
    await writeFile(join(folder, name), gzipSync('not clothes'))
  await expect(load(`fashion-mnist:${folder}`)).rejects.toThrow(
    `train-images-idx3-ubyte.gz: expected MD5 ${fashionMnist.files.trainImages.md5}, received`,
  )
})

describe.skipIf(!process.env.ATELIER_DATA)('the real sets', () => {
  test('Fashion-MNIST is found, checked, explored and split as the reference study does', async () => {
    const dataset = await load('fashion-mnist')
    const parts = split(dataset.train, { validation: 0.2, seed: 1 })
    const { shapes, range, classCounts, balance } = explore(dataset, parts)
    expect(shapes.map(({ shape }) => shape[0])).toEqual([48_000, 12_000, 10_000])
    for (const row of classCounts) expect([row.train, row.validation, row.test]).toEqual([4800, 1200, 1000])
    // Mean and deviation as they are published with PyTorch's examples.
    expect([range.mean, range.std].map((value) => value.toFixed(4))).toEqual(['0.2860', '0.3530'])
    expect(balance.ratio).toBe(1)
    expect(findDuplicates(dataset.train).surplus).toBe(0)
    expect(dataset.hash).toBe('ee1865b98135b0dbc47f3a4daa22607fa0196ec08965ff7818ac68dd50644295')
  })

  test('MNIST too', async () => {
    const { train, test, hash } = await load('mnist')
    const { mean, std } = valueRange(train)
    expect([train.count, test.count]).toEqual([60_000, 10_000])
    expect([mean, std].map((value) => value.toFixed(4))).toEqual(['0.1307', '0.3081'])
    expect(hash).toBe('9eba8e1744a618cf40e0ddcf731cd467c8206bb09a6ee57925d1b58202449c37')
  })
})
