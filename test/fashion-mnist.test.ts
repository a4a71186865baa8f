import { describe, expect, test } from 'vitest'
import { atelier, documentOf, workplace } from './support/cli.ts'

// The real images, where ATELIER_DATA names them; without them these tests are skipped.
const { ATELIER_DATA } = process.env
const place = workplace()

interface Trained {
  readonly run: string
  readonly history: readonly { readonly loss: number; readonly valLoss: number }[]
}

describe.skipIf(!ATELIER_DATA)('on Fashion-MNIST', () => {
  const options = () => ({ cwd: place.path, env: { ATELIER_DATA: ATELIER_DATA ?? '' } })

  test('the set is split as in the reference study', async () => {
    const { shapes, classes } = documentOf<{ shapes: { shape: number[] }[]; classes: object[] }>(
      await atelier(['data', '--json'], options()),
    )
    expect(shapes.map(({ shape }) => shape[0])).toEqual([48_000, 12_000, 10_000])
    expect(classes[0]).toMatchObject({ name: 'T-shirt/top', train: 4800, validation: 1200, test: 1000 })
  })

  async function testAccuracy(model: string, epochs: number, seed: number): Promise<number> {
    const out = `${model}-${seed}`
    const line = [
      'train',
      '--model',
      model,
      '--epochs',
      `${epochs}`,
      '--seed',
      `${seed}`,
      '--json',
      '--out',
      out,
    ]
    const { run, history } = documentOf<Trained>(await atelier(line, options()))
    expect(history[epochs - 1].loss).toBeLessThan(history[0].loss)
    expect(history[epochs - 1].valLoss).toBeLessThan(history[0].valLoss)
    const evaluated = await atelier(['evaluate', run, '--json'], options())
    return documentOf<{ test: { accuracy: number } }>(evaluated).test.accuracy
  }

  test('mlp-medium, 10 epochs: both losses fall and the test accuracy is 0.875 or better', async () => {
    expect(await testAccuracy('mlp-medium', 10, 1)).toBeGreaterThanOrEqual(0.875)
  }, 1_800_000)

  test('cnn-medium, 5 epochs: both losses fall and the test accuracy is 0.895 or better', async () => {
    expect(await testAccuracy('cnn-medium', 5, 1)).toBeGreaterThanOrEqual(0.895)
  }, 1_800_000)
})
