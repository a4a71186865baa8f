import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Dataset } from '../src/data/dataset.ts'
import { writeIdxImages, writeIdxLabels } from '../src/data/idx.ts'
import { drawSilhouettes } from '../src/data/silhouettes/silhouettes.ts'
import { loadDataset, parseSource } from '../src/data/source.ts'
import { encodeModule } from '../src/exchange/module/export.ts'
import { dense, globalAveragePool2d, input, model } from '../src/model/functional.ts'
import { unitInterval } from '../src/model/network.ts'
import { decodePicture } from '../src/pictures/decode-picture.ts'
import { itemForm, type PictureForm, pictureForm, wholeForm } from '../src/pictures/form.ts'
import { measureForm } from '../src/pictures/measure.ts'
import type { Picture } from '../src/pictures/picture.ts'
import { type Prepared, prepare } from '../src/pictures/prepare.ts'
import { readPictures } from '../src/pictures/read-pictures.ts'
import { pictureKinds } from './support/odd-pictures.ts'

type Sharp = ReturnType<typeof sharp>

const small = { width: 28, height: 28 }

/** Forms of every kind: a new kind without forms here does not compile. */
const forms: {
  readonly [Kind in PictureForm['kind']]: Readonly<Record<string, PictureForm & { kind: Kind }>>
} = {
  whole: {
    gray: wholeForm({ ...small, channels: 1 }),
    'in color': wholeForm({ width: 32, height: 24, channels: 3 }),
    'contained, over black': wholeForm({ ...small, channels: 3 }, { fit: 'contain', backdrop: 'black' }),
    covering: wholeForm({ ...small, channels: 1 }, { fit: 'cover' }),
    'larger than most pictures': wholeForm({ width: 300, height: 200, channels: 3 }),
  },
  item: {
    'bright on black': itemForm(small),
    'around its center of mass': itemForm(small, { longest: 20, center: 'mass' }),
    'dark on white': itemForm(small, { ground: 'light' }),
  },
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelier-pictures-'))
  for (const [name, make] of Object.entries(pictureKinds)) await writeFile(join(folder, name), await make())
})
afterAll(() => rm(folder, { recursive: true }))

/** A file as a picture that is to come to a form. */
const decoded = async (file: string, form: PictureForm) => decodePicture(await readFile(file), { form })

/** What a network is shown of a file that it is asked about. */
const recognized = async (file: string, form: PictureForm) => prepare(await decoded(file, form), form).pixels

/** What prepares pictures in the module that a network was exported as. */
async function exported(form: PictureForm): Promise<(picture: Picture) => Prepared> {
  const address = `data:text/javascript,${encodeURIComponent(moduleFor(form))}`
  return (await import(/* @vite-ignore */ address)).prepare
}

/** A small network for pictures of a form, as a module. */
function moduleFor(form: PictureForm): string {
  const imageShape = [form.height, form.width, form.channels]
  const inputs = input(imageShape)
  const spec = model({
    inputs,
    outputs: dense({ units: 2, activation: 'softmax' })(globalAveragePool2d()(inputs)),
  })
  const tensor = (name: string, shape: number[]) => ({
    name: `dense_1/${name}`,
    shape,
    values: new Float32Array(shape.reduce((a, b) => a * b)),
  })
  return encodeModule({
    ...{ name: 'any', spec, classNames: ['a', 'b'], imageShape, form, arithmetic: 'strict', metadata: {} },
    tensors: [tensor('kernel', [form.channels, 2]), tensor('bias', [2])],
    preprocessing: unitInterval,
  })
}

/** The bytes that come of something, or what is wrong, without its place. */
const outcome = (work: () => Promise<Uint8Array>) =>
  work().catch((error: Error) => error.message.replace(/^.*?: (?=expected)/, ''))

describe.each(Object.entries(forms))('pictures for a %s form', (_, ofKind) => {
  describe.each(Object.entries<PictureForm>(ofKind))('%s', (_, form) => {
    let prepareInModule: (picture: Picture) => Prepared
    beforeAll(async () => {
      prepareInModule = await exported(form)
    })

    test('have it as a plain value that JSON keeps', () => {
      expect(pictureForm.parse(JSON.parse(JSON.stringify(form)))).toEqual(form)
    })

    test.each(Object.keys(pictureKinds))(
      '%s: the same bytes in training, in recognition and in an exported module',
      async (name) => {
        const file = join(folder, name)
        const trained = await outcome(() => readPictures([file], form))
        const picture = decoded(file, form)
        expect(await outcome(async () => prepare(await picture, form).pixels)).toEqual(trained)
        expect(await outcome(async () => prepareInModule(await picture).pixels)).toEqual(trained)
        const { height, width, channels } = form
        if (form.kind === 'whole') expect(trained).toHaveLength(height * width * channels)
      },
    )
  })
})

test('a picture that is turned by its camera’s mark looks as it would upright', async () => {
  const form = wholeForm({ width: 24, height: 16, channels: 3 })
  const upright = await recognized(join(folder, 'EXIF 1'), form)
  for (let mark = 2; mark <= 8; mark++)
    expect(await recognized(join(folder, `EXIF ${mark}`), form), `mark ${mark}`).toEqual(upright)
})

test('equal pixels give equal bytes, whatever the file', async () => {
  const form = wholeForm({ width: 24, height: 16, channels: 3 })
  const [png, ...others] = await Promise.all(
    ['opaque', 'opaque WebP', 'opaque, interlaced'].map((name) => recognized(join(folder, name), form)),
  )
  for (const other of others) expect(other).toEqual(png)
})

/** Writes pictures into one sub-folder a class; returns the source and the files in the order of training, then test. */
async function folderOf(name: string, classes: Readonly<Record<string, readonly Sharp[]>>) {
  const files: Record<string, string[]> = {}
  for (const [label, pictures] of Object.entries(classes)) {
    await mkdir(join(folder, name, label), { recursive: true })
    files[label] = await Promise.all(
      pictures.map(async (picture, i) => {
        const file = join(folder, name, label, `${String(i).padStart(2, '0')}.png`)
        await picture.png().toFile(file)
        return file
      }),
    )
  }
  return { source: `folder:${join(folder, name)}`, files }
}

/** The training images of a dataset, one by one. */
function imagesOf({ train: { pixels, count } }: Dataset): Uint8Array[] {
  const size = pixels.length / count
  return Array.from({ length: count }, (_, i) => pixels.subarray(i * size, (i + 1) * size))
}

/** Which of two images is the nearer one. */
const distance = (a: Uint8Array, b: Uint8Array) => a.reduce((sum, x, i) => sum + (x - b[i]) ** 2, 0)

const range = (count: number) => Array.from({ length: count }, (_, i) => i)

describe('a picture is seen in recognition as it was in training', () => {
  test('case 03: icons on a transparent ground lie on white, in a folder as in a question', async () => {
    const icon = (shade: number, i: number) => {
      const data = Uint8Array.from({ length: 4 * 32 * 32 }, (_, at) => {
        const [p, c] = [at >> 2, at & 3]
        const far = Math.max(Math.abs((p % 32) - 12 - (i % 4)), Math.abs(Math.floor(p / 32) - 16))
        return c === 3 ? Math.min(255, Math.max(0, 40 * (12 - far))) : shade + 4 * c
      })
      return sharp(data, { raw: { width: 32, height: 32, channels: 4 } })
    }
    const icons = { dark: range(6).map((i) => icon(20, i)), light: range(6).map((i) => icon(150, i)) }
    const { source, files } = await folderOf('icons', icons)
    const dataset = await loadDataset(parseSource(source))
    expect(dataset.form).toMatchObject({ kind: 'whole', channels: 3, backdrop: 'white', origin: 'measured' })
    const trained = imagesOf(dataset)
    for (const file of Object.values(files).flat()) {
      const seen = await recognized(file, dataset.form)
      const flat = await sharp(file).flatten({ background: 'white' }).png().toBuffer()
      const ofFlat = prepare(await decodePicture(flat), dataset.form).pixels
      const furthest = Math.max(...seen.map((x, p) => Math.abs(x - ofFlat[p])))
      expect(furthest).toBeLessThanOrEqual(1) // sharp rounds down
      expect([...seen.subarray(0, 3)]).toEqual([255, 255, 255])
    }
    const all = await Promise.all(
      Object.values(files)
        .flat()
        .map((file) => recognized(file, dataset.form)),
    )
    for (const image of trained) expect(Math.min(...all.map((seen) => distance(seen, image)))).toBe(0)
  })

  test('case 03: icons so pale that white would swallow them lie on black', async () => {
    const pale = (i: number) =>
      sharp(
        Uint8Array.from({ length: 4 * 64 }, (_, at) =>
          (at & 3) === 3 ? ((at >> 2) % 8 < 3 + (i % 3) ? 255 : 0) : 250,
        ),
        {
          raw: { width: 8, height: 8, channels: 4 },
        },
      )
    const { source } = await folderOf('pale', { a: range(5).map(pale), b: range(5).map(pale) })
    expect((await loadDataset(parseSource(source))).form).toMatchObject({ backdrop: 'black' })
    expect((await loadDataset(parseSource(`${source}@over-white`))).form).toMatchObject({ backdrop: 'white' })
  })

  test('case 04: a table of dark things on white is measured as such, and its images come out as they went in', async () => {
    const { pixels, labels } = drawSilhouettes(3, 'train', 200)
    const light = pixels.map((x) => 255 - x)
    const line = (i: number) => [labels[i], ...light.subarray(784 * i, 784 * (i + 1))].join()
    await writeFile(join(folder, 'light.csv'), range(200).map(line).join('\n'))
    const { form } = await loadDataset(parseSource(`csv:${join(folder, 'light.csv')}`))
    expect(form).toMatchObject({ kind: 'item', ground: 'light', origin: 'measured' })
    for (const i of range(50)) {
      const image = light.slice(784 * i, 784 * (i + 1))
      const file = await sharp(image, { raw: { width: 28, height: 28, channels: 1 } })
        .png()
        .toBuffer()
      expect(prepare(await decodePicture(file, { form }), form).pixels).toEqual(image)
    }
  })

  test('case 04: so do gray images on grounds of all kinds, which are taken whole', async () => {
    const image = (i: number) => Uint8Array.from({ length: 64 }, (_, p) => (i * 37 + p * (3 + (i % 5))) % 256)
    const lines = range(40).map((i) => [i % 2, ...image(i)].join())
    await writeFile(join(folder, 'mixed.csv'), lines.join('\n'))
    const { form } = await loadDataset(parseSource(`csv:${join(folder, 'mixed.csv')}`))
    expect(form).toMatchObject({ kind: 'whole', width: 8, height: 8, channels: 1 })
    for (const i of range(40)) {
      const file = await sharp(image(i), { raw: { width: 8, height: 8, channels: 1 } })
        .png()
        .toBuffer()
      expect(prepare(await decodePicture(file, { form }), form).pixels).toEqual(image(i))
    }
  })

  test('case 11: strips of 48×12000 keep their width: where the mark is, all are told apart', async () => {
    const strip = (x0: number, i: number) => {
      const data = Uint8Array.from({ length: 48 * 12_000 }, (_, p) => {
        const x = (p % 48) - x0 - (i % 3)
        return ((p * 7919) % 40) + (x >= 0 && x < 8 ? 180 : 0)
      })
      return sharp(data, { raw: { width: 48, height: 12_000, channels: 1 } })
    }
    const strips = (x0: number) => range(5).map((i) => strip(x0, i))
    const { source, files } = await folderOf('strips', {
      left: strips(4),
      middle: strips(20),
      right: strips(34),
    })
    const dataset = await loadDataset(parseSource(`${source}@24x24`))
    const trained = imagesOf(dataset)
    for (const [label, name] of ['left', 'middle', 'right'].entries())
      for (const file of files[name]) {
        const seen = await recognized(file, dataset.form)
        const nearest = range(trained.length).reduce((a, b) =>
          distance(trained[b], seen) < distance(trained[a], seen) ? b : a,
        )
        expect(dataset.train.labels[nearest]).toBe(label)
      }
  })
})

describe('nothing is decided by one file', () => {
  const plain = (color: string, width = 8, height = 8) =>
    sharp({ create: { width, height, channels: 3, background: color } })
  const load = async (name: string, pictures: readonly Sharp[]) =>
    (await loadDataset(parseSource((await folderOf(name, { a: pictures, b: pictures })).source))).form

  test('a folder is gray where all training pictures are, be they stored in colors', async () => {
    const grays = range(5).map((i) => plain(`rgb(${i},${i},${i})`))
    expect(await load('grays', grays)).toMatchObject({ channels: 1 })
    expect(await load('one in color', [...grays, plain('red')])).toMatchObject({ channels: 3 })
    const first = plain('gray').toColorspace('b-w')
    expect(await load('gray first', [first, ...range(5).map(() => plain('red'))])).toMatchObject({
      channels: 3,
    })
  })

  test('its size is the median one', async () => {
    const sizes = [plain('red', 90, 3), ...range(5).map(() => plain('red', 8, 6)), plain('red', 2, 70)]
    expect(await load('sizes', sizes)).toMatchObject({ width: 8, height: 6 })
  })
})

describe('a form is measured on what the images show', () => {
  const idx = async (name: string, draw: (i: number) => Uint8Array) => {
    const size = { height: 28, width: 28, channels: 1 }
    const images = (count: number) => ({ ...size, count, pixels: Buffer.concat(range(count).map(draw)) })
    await mkdir(join(folder, name))
    const write = (file: string, bytes: Uint8Array) => writeFile(join(folder, name, file), bytes)
    await write('train-images-idx3-ubyte', writeIdxImages(images(60)))
    await write('train-labels-idx1-ubyte', writeIdxLabels(Uint8Array.from(range(60), (i) => i % 2)))
    await write('t10k-images-idx3-ubyte', writeIdxImages(images(10)))
    await write('t10k-labels-idx1-ubyte', writeIdxLabels(Uint8Array.from(range(10), (i) => i % 2)))
    return `idx:${join(folder, name)}`
  }
  /** A wedge of twenty pixels, thick at one end, with its center of mass in the middle, as MNIST places digits. */
  const digit = (i: number) =>
    Uint8Array.from({ length: 784 }, (_, p) => {
      const [x, y] = [(p % 28) - 11, Math.floor(p / 28) - (i % 2 ? 1 : 7)]
      const isThick = i % 2 ? y > 11 : y < 8
      return y >= 0 && y < 20 && x >= 0 && x < (isThick ? 7 : 3) ? 255 : 0
    })

  test('digits of 20 pixels around their center of mass, as items of that size', async () => {
    const source = await idx('digits', digit)
    const { form } = await loadDataset(parseSource(source))
    expect(form).toMatchObject({ kind: 'item', ground: 'dark', longest: 20, center: 'mass' })
    const asked = await loadDataset(parseSource(`${source}@whole`))
    expect(asked.form).toMatchObject({ kind: 'whole', origin: 'given' })
  })

  test('of a picture that is black all over nothing is said', async () => {
    const { form } = await loadDataset(parseSource('silhouettes:train=60,test=20'))
    const black = {
      width: 28,
      height: 28,
      data: new Uint8Array(4 * 784).map((_, i) => (i % 4 === 3 ? 255 : 0)),
    }
    expect(() => prepare(black, form)).toThrow('expected an item that stands out from its background')
  })

  test.runIf(process.env.ATELIER_DATA)('a published set has one form, whatever it is read from', async () => {
    for (const name of ['fashion-mnist', 'mnist']) {
      const named = await loadDataset(parseSource(name))
      const asIdx = await loadDataset(parseSource(`idx:${process.env.ATELIER_DATA}/${name}`))
      expect(asIdx.form).toEqual(named.form)
      const { mean, standardDeviation, ...rest } = measureForm(named.train)
      expect(named.form).toMatchObject({ ...rest, origin: 'known' })
      expect(named.form.mean?.[0]).toBeCloseTo(mean?.[0] ?? 0, 4)
      expect(named.form.standardDeviation?.[0]).toBeCloseTo(standardDeviation?.[0] ?? 0, 4)
    }
  })
})
