import { wasm } from '../../src/engine/wasm.ts'
import { recipes, type Trained, train } from './training.ts'

/** Trains every recipe in WebAssembly, away from the page. */
async function trainAll(): Promise<Trained[]> {
  const outcomes: Trained[] = []
  for (const recipe of recipes) {
    outcomes.push(await train(recipe, { backend: wasm, arithmetic: 'strict', threads: 1 }, true))
  }
  return outcomes
}

trainAll().then(
  (outcomes) => self.postMessage({ outcomes }),
  (error) => self.postMessage({ error: `${error}` }),
)
