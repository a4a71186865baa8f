import { beforeAll, describe, expect, test } from 'vitest'
import { native, nativeVariants } from '../src/engine/native.ts'
import { wasm } from '../src/engine/wasm.ts'
import { hasChromium, outcomeOfPage } from './browser/chromium.ts'
import { recipes, type Trained, train } from './browser/training.ts'

/*
 * The same training comes to the same bits in C, in WebAssembly under Node, and in a worker of a real browser, which
 * gets the engine through a bundler as any page would.
 */

const rows = recipes.map((recipe, i) => [recipe.name, recipe, i] as const)

/** What the page's worker trained; a browser is started once. */
async function trainInBrowser(): Promise<readonly Trained[]> {
  const { error, outcomes } = (await outcomeOfPage()) as { error?: string; outcomes?: Trained[] }
  if (outcomes === undefined) throw new Error(`In the browser: ${error}`)
  const steps = outcomes.map(({ milliseconds }, i) => `${rows[i][0]}: ${milliseconds.toFixed(2)} ms`)
  process.stdout.write(`A step of 32 images in the browser takes\n${steps.join('\n')}\n`)
  return outcomes
}

describe('20 steps come to the same weights, to the last bit', () => {
  const here: Trained[] = []
  let inBrowser: Promise<readonly Trained[]> | undefined
  beforeAll(async () => {
    for (const recipe of recipes) {
      here.push(await train(recipe, { backend: wasm, arithmetic: 'strict', threads: 1 }))
    }
  })

  test('and different recipes to different ones', () => {
    expect(new Set(here.map(({ hash }) => hash)).size).toBe(recipes.length)
  })

  describe.skipIf(nativeVariants().length === 0)('in C', () => {
    test.each(rows)('%s', async (_, recipe, i) => {
      for (const threads of [1, 2, 3]) {
        const there = await train(recipe, { backend: native(), arithmetic: 'strict', threads })
        expect(there.hash).toBe(here[i].hash)
      }
    })
  })

  test.skipIf(!hasChromium).each(rows)('in a worker of a browser: %s', async (_, _recipe, i) => {
    inBrowser ??= trainInBrowser()
    const there = await inBrowser
    expect(there[i].hash).toBe(here[i].hash)
  })
})
