import { InputError } from '../base/errors.ts'
import { REGISTERS } from './backend.ts'
import type { Instruction, Plan, Program } from './program.ts'

function refuse(at: string, expected: string, received: unknown): never {
  throw new InputError({ at, expected, received: `${received}` })
}

/** What counts of slots: how much there is, and which images are taken. */
export interface SlotSizes {
  readonly images: { readonly length: number }
  readonly labels?: { readonly length: number } | undefined
  readonly order: Int32Array
}

/** Refuses a run whose registers or slots would lead an operation outside what it was given. */
export function checkRegisters(
  registers: Int32Array,
  plan: Plan,
  program: Program | undefined,
  slots: SlotSizes | undefined,
): void {
  if (program === undefined) refuse('run', 'a program of the plan', 'an unknown one')
  const count = registers[REGISTERS.count]
  const position = registers[REGISTERS.position]
  if (count < 1 || count > plan.batch) refuse('run: count', `1 to ${plan.batch} examples`, count)
  for (const step of program) {
    const pixels = gatheredPixels(step)
    if (pixels === undefined) continue
    if (slots === undefined) refuse('run', 'images bound to the session', 'none')
    checkGather(slots, position, count, pixels)
  }
}

/** The words of an image where an instruction reads images. */
function gatheredPixels({ operation, attributes: a }: Instruction): number | undefined {
  if (operation === 'gather') return a.pixels
  return operation === 'gatherAugmented' ? a.height * a.width * a.channels : undefined
}

/** Every image of the batch must exist; class numbers are checked against the loss when they are bound. */
function checkGather({ images, labels, order }: SlotSizes, position: number, count: number, pixels: number) {
  if (position < 0 || position + count > order.length) {
    refuse(
      'run: position',
      `a batch within ${order.length} entries of order`,
      `${position} to ${position + count}`,
    )
  }
  const known = Math.min(labels?.length ?? Infinity, Math.floor(images.length / pixels))
  for (let i = position; i < position + count; i++) {
    if (order[i] < 0 || order[i] >= known) refuse('order', `image numbers below ${known}`, order[i])
  }
}
