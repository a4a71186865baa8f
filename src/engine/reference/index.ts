import { type Backend, REGISTERS, type Session, type Slots } from '../backend.ts'
import { checkRegisters } from '../checks.ts'
import type { OperationName } from '../operations.ts'
import { checkPlan, type Instruction, type Plan } from '../program.ts'
import { reserve } from '../reserve.ts'
import { activations } from './activations.ts'
import { batchNorm } from './batch-norm.ts'
import type { Meaning, Offsets, Round } from './context.ts'
import { convolution } from './convolution.ts'
import { convolutionPool } from './convolution-pool.ts'
import { dense } from './dense.ts'
import { dropout } from './dropout.ts'
import { gather } from './gather.ts'
import { loss } from './loss.ts'
import { optimizers } from './optimizers.ts'
import { pooling } from './pooling.ts'

/** The meaning of every operation under a rounding. */
function meanings(round: Round): Record<OperationName, Meaning> {
  return {
    ...gather(round),
    ...dense(round),
    ...convolution(round),
    ...convolutionPool(round),
    ...pooling(round),
    ...activations(round),
    ...batchNorm(round),
    ...loss(round),
    ...dropout(round),
    ...optimizers(round),
  }
}

const offsets = ({ operands }: Instruction): Offsets =>
  Object.fromEntries(Object.entries(operands).map(([name, place]) => [name, place.offset]))

function open(plan: Plan, round: Round, Floats: Float32ArrayConstructor | Float64ArrayConstructor): Session {
  checkPlan(plan)
  const memory = reserve(`${plan.words} words`, () => new Floats(plan.words))
  const table = meanings(round)
  const registers = new Int32Array(REGISTERS.words)
  let slots: Slots | undefined
  return {
    floats: memory,
    registers,
    bind(arrays) {
      slots = arrays
    },
    run(program) {
      const steps = plan.programs[program]
      checkRegisters(registers, plan, steps, slots)
      const [count, position, step, epoch] = registers
      const context = { memory, slots, count, position, step: step >>> 0, epoch: epoch >>> 0 }
      for (const instruction of steps) {
        table[instruction.operation](context, offsets(instruction), instruction.attributes)
      }
    },
    close() {},
  }
}

/** The contract in plain TypeScript: the meaning of every operation, the oracle of the others, and the last fallback. */
export const reference: Backend = {
  name: 'reference',
  variant: 'typescript',
  arithmetics: ['strict'],
  open: (plan) => open(plan, Math.fround, Float32Array),
}

/** A session in float64 without rounding, in which a finite difference means something. */
export function openInFloat64(plan: Plan): Session {
  return open(plan, (x) => x, Float64Array)
}
