import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { atelier, documentOf, expectRefusal, workplace } from './support/cli.ts'

const place = workplace()
const at = (path: string) => join(place.path, path)

interface Explained {
  readonly method: string
  readonly layer: string | null
  readonly file: string
  readonly images: readonly Readonly<Record<'image' | 'is' | 'said' | 'probability' | 'explained', unknown>>[]
}
const explain = async (...flags: string[]) =>
  documentOf<Explained>(await atelier(['explain', at('run'), '--json', ...flags]))

beforeAll(async () => {
  const source = 'silhouettes:train=300,test=60'
  const train = ['train', '--model', 'cnn-small', '--data', source, '--epochs', '1', '--out', at('run')]
  expect(await atelier(train)).toMatchObject({ code: 0 })
})

describe('atelier explain', () => {
  test('does not look at test images before the run was evaluated', async () => {
    expectRefusal(
      await atelier(['explain', at('run')]),
      /expected a run that was evaluated.* First: atelier evaluate .*run/,
    )
    expect(existsSync(at('run/explanation.svg'))).toBe(false)
    expect(await atelier(['evaluate', at('run')])).toMatchObject({ code: 0 })
  })

  test('explains the worst mistakes, and draws where the network looks', async () => {
    const { file, images, ...rest } = await explain()
    expect(rest).toMatchObject({ method: 'grad-cam', layer: 'conv_2d_layer_1' })
    expect(images.length).toBeGreaterThan(0)
    for (const { is, said, explained } of images) {
      expect(said).not.toBe(is)
      expect(explained).toBe(said)
    }
    expect(file).toBe(at('run/explanation.svg'))
    const svg = await readFile(file, 'utf8')
    expect(svg).toContain('Where cnn-small looks: Grad-CAM at conv_2d_layer_1')
    expect(svg.match(/<use /g)).toHaveLength(images.length)
  })

  test('explains named images and another class, at another layer', async () => {
    const asked = [
      '--image',
      '7,3',
      '--class',
      'Coat',
      '--layer',
      'max_pool_2d_layer_1',
      '--out',
      at('my/7.svg'),
    ]
    const { images, layer, file } = await explain(...asked)
    expect(layer).toBe('max_pool_2d_layer_1')
    expect(images.map(({ image, explained }) => [image, explained])).toEqual([
      [7, 'Coat'],
      [3, 'Coat'],
    ])
    expect(existsSync(file)).toBe(true)
  })

  test.each<[string, RegExp]>([
    ['--image two', /--image: expected numbers of test images, such as 12 or 12,40, received "two"/],
    ['--image 60', /--image: expected test images 0 to 59, received 60/],
    ['--class Cout', /--class: expected one of .*received "Cout"\. Did you mean Coat\?/],
    ['--layer flatten_layer', /layer: expected a layer that gives an image: .*received "flatten_layer"/],
  ])('refuses %s', async (flags, message) => {
    expectRefusal(await atelier(['explain', at('run'), ...flags.split(' ')]), message)
  })
})
