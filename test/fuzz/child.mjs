// Reads inputs of one target, one after another, and says so on standard output, a line an input before it is read, so that
// whoever waits knows which one ended the process: `READ number`, `FAULT number what`, `READY`, and at last `DONE`.
//
//   node child.mjs '{"target": …, "place": …, "seed": …, "from": …, "to": …, "files": […]}'

import { readFileSync, writeSync } from 'node:fs'
import { FailureError, InputError } from '../../dist/base/errors.js'
import { inputOf } from './mutate.mjs'
import { targetsAt } from './targets.mjs'

const { target, place, seed, from, to, files } = JSON.parse(process.argv[2])
const { seeds: makeSeeds, read, isJson = false } = targetsAt(place)[target]
const seeds = files === undefined ? await makeSeeds() : []
const say = (...words) => writeSync(1, `${words.join(' ')}\n`)
const isTyped = (error) => error instanceof InputError || error instanceof FailureError

for (let number = from; number < to; number++) {
  const bytes =
    files === undefined ? inputOf(seed, target, number, seeds, isJson) : readFileSync(files[number])
  say('READ', number)
  try {
    await read(bytes)
  } catch (error) {
    if (!isTyped(error)) say('FAULT', number, JSON.stringify(`${error?.stack ?? error}`.slice(0, 600)))
  }
  say('READY')
}
say('DONE')
process.exit(0)
