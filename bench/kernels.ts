import type { Backend, Session } from '../src/engine/backend.ts'
import { chooseBackend } from '../src/engine/choose.ts'
import type { Instruction, Program } from '../src/engine/program.ts'
import { network } from '../src/model/named.ts'
import { operationsOf } from './arithmetic.ts'
import { type Contender, interleave } from './interleave.ts'
import type { Options } from './options.ts'
import { contender, openFilled } from './ours.ts'
import { peakContender, peakName, peakRate } from './peak.ts'

/** How fast one instruction of a training step runs by itself, its data in cache as far as they fit. */
export interface KernelResult {
  readonly operation: string
  /** The sizes that matter: `14×14×32→64, 3×3`. */
  readonly shape: string
  readonly threads: number
  readonly microseconds: number
  /** Null for what hardly multiplies. */
  readonly gflops: number | null
  readonly share: number | null
}

function shapeOf({ attributes: a }: Instruction): string {
  if ('filters' in a) {
    return `${a.height}×${a.width}×${a.channels}→${a.filters}, ${a.kernelHeight}×${a.kernelWidth}`
  }
  if ('channels' in a) return `${a.height}×${a.width}×${a.channels}`
  if ('inputs' in a) return `${a.inputs}→${a.outputs}`
  return `${a.size ?? a.pixels ?? a.classes}`
}

/** One instruction of a network's training step as a contender. The whole step runs first, so that its operands are real. */
function kernelContender(name: string, session: Session, program: string): Contender {
  return {
    name,
    run(steps) {
      const began = performance.now()
      for (let i = 0; i < steps; i++) session.run(program)
      return performance.now() - began
    },
    close: () => undefined,
  }
}

/** The session of a network, and its training step, whose every instruction is also a program of its own: `0`, `1`, … */
function openApart(name: string, threads: number, batch: number): { session: Session; steps: Program } {
  const { backend, ...engine } = chooseBackend({ backend: 'native', arithmetic: 'fused', threads })
  let apart: { session: Session; steps: Program } | undefined
  const open: Backend['open'] = (plan, options) => {
    const steps = plan.programs.train
    const alone = Object.fromEntries(steps.map((step, i) => [`${i}`, [step]]))
    const session = backend.open({ ...plan, programs: { ...plan.programs, ...alone } }, options)
    apart = { session, steps }
    return session
  }
  const opened = openFilled(network(name), { backend: { ...backend, open }, ...engine }, batch)
  contender('warm', opened, 'train').run(3)
  return apart!
}

const label = (step: Instruction, threads: number) => `${step.operation} ${shapeOf(step)} ${threads}`

/** Times every different instruction of the networks' training steps, fused, on one thread and on two. */
export async function benchKernels({ networks, batch, pace }: Options): Promise<KernelResult[]> {
  const opened = networks.flatMap((name) => [1, 2].map((threads) => openApart(name, threads, batch)))
  const found = new Map<string, { step: Instruction; threads: number; contender: Contender }>()
  opened.forEach((each, n) => {
    const threads = 1 + (n % 2)
    each.steps.forEach((step, i) => {
      const name = label(step, threads)
      if (!found.has(name)) {
        found.set(name, { step, threads, contender: kernelContender(name, each.session, `${i}`) })
      }
    })
  })
  const kernels = [...found.values()]
  const peaks = [1, 2].map((threads) => peakContender('fused', threads))
  try {
    const contenders = [...kernels.map((kernel) => kernel.contender), ...peaks]
    const times = await interleave(contenders, { ...pace, milliseconds: pace.milliseconds / 10 })
    return kernels.map(({ step, threads }) => {
      const milliseconds = times.get(label(step, threads))!.median
      const gflops = (batch * operationsOf(step.attributes)) / milliseconds / 1e6
      const share = gflops / peakRate(times.get(peakName('fused', threads))!.least)
      return {
        operation: step.operation,
        shape: shapeOf(step),
        threads,
        microseconds: 1000 * milliseconds,
        gflops: gflops || null,
        share: share || null,
      }
    })
  } finally {
    for (const each of opened) each.session.close()
  }
}
