import type { Attributes } from '../engine/operation.ts'
import type { Instruction, Place, Program } from '../engine/program.ts'

/**
 * Joins what belongs together: a convolution (with or without ReLU) and the max-pool behind it become one operation, and
 * so does the way back, so that the image between them is never written to memory. The bits stay the same. What lies in
 * `kept` is read by somebody and stays.
 */
export function fuse(program: Program, kept: readonly Place[] = []): Program {
  return program.reduce((fused, { operands }, i) => {
    const isKept = kept.some((place) => operands.y !== undefined && same(place, operands.y))
    return isKept ? fused : joinPool(fused, program, i)
  }, program)
}

const same = (a: Place, b: Place) => a.offset === b.offset

const touches = (step: Instruction, place: Place) =>
  Object.values(step.operands).some((operand) => same(operand, place))

/** The pool's part of a joined operation's attributes. */
function poolAttributes({ attributes: p }: Instruction) {
  return {
    poolOutHeight: p.outHeight,
    poolOutWidth: p.outWidth,
    poolHeight: p.kernelHeight,
    poolWidth: p.kernelWidth,
    poolStrideHeight: p.strideHeight,
    poolStrideWidth: p.strideWidth,
    poolPadTop: p.padTop,
    poolPadLeft: p.padLeft,
  }
}

/** Joins the convolution at `i` of the original program with its pool, where nothing else looks at what lies between. */
function joinPool(fused: Program, original: Program, i: number): Program {
  const convolution = original[i]
  if (convolution.operation !== 'convolution') return fused
  const between = convolution.operands.y
  const pool = fused.find((step) => step.operation === 'maxPool' && same(step.operands.x, between))
  if (pool === undefined) return fused
  const unpool = fused.find(
    (step) => step.operation === 'maxPoolGrad' && same(step.operands.argmax, pool.operands.argmax),
  )
  const slope = unpool?.operands.dx
  const ofSlope = slope === undefined ? [] : fused.filter((step) => step !== unpool && touches(step, slope))
  const rectify = ofSlope.find((step) => step.operation === 'reluGrad' && same(step.operands.y, between))
  const ways = ofSlope.filter((step) => step !== rectify)
  const backward = new Map(ways.map((step) => [step, joinedBackward(step, unpool!, convolution, pool)]))
  const parts = new Set<Instruction | undefined>([convolution, pool, unpool, rectify])
  const others = fused.filter((step) => !parts.has(step) && touches(step, between))
  const isRectified = convolution.attributes.relu === 1
  const mendable = ways.every((step) => backward.get(step) !== undefined)
  if (others.length > 0 || !mendable || (unpool !== undefined && isRectified !== (rectify !== undefined)))
    return fused
  return fused.flatMap((step) => {
    if (step === convolution) return [joinedForward(convolution, pool)]
    if (parts.has(step)) return []
    return [backward.get(step) ?? step]
  })
}

function joinedForward({ operands, attributes }: Instruction, pool: Instruction): Instruction {
  const { x, w, b } = operands
  const { y, argmax } = pool.operands
  return {
    operation: 'convolutionPool',
    operands: { x, w, b, y, argmax },
    attributes: joined(attributes, pool),
  }
}

const joined = (convolution: Attributes, pool: Instruction): Attributes => ({
  ...convolution,
  ...poolAttributes(pool),
})

/** One of the two gradients of the convolution, taking the pool's; undefined for any other instruction. */
function joinedBackward(
  { operation, operands }: Instruction,
  unpool: Instruction,
  { attributes }: Instruction,
  pool: Instruction,
): Instruction | undefined {
  const { dy, argmax } = unpool.operands
  if (operation === 'convolutionGradWeights') {
    const { x, dw, db } = operands
    return {
      operation: 'convolutionPoolGradWeights',
      operands: { x, dy, argmax, dw, db },
      attributes: joined(attributes, pool),
    }
  }
  if (operation === 'convolutionGradInput') {
    const { w, dx } = operands
    return {
      operation: 'convolutionPoolGradInput',
      operands: { dy, argmax, w, dx },
      attributes: joined(attributes, pool),
    }
  }
  return undefined
}
