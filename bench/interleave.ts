import { setTimeout as sleep } from 'node:timers/promises'
import { type Spread, spread } from './statistics.ts'

/** Something that is timed: a network on an engine, ours or a peer's, or a kernel. */
export interface Contender {
  readonly name: string
  /** Takes that many steps; resolves to the milliseconds that they took. */
  run(steps: number): Promise<number> | number
  close(): void
}

export interface Pace {
  readonly rounds: number
  /** How long each contender works in a round. */
  readonly milliseconds: number
}

/** Threads that spin for more work fall asleep meanwhile, so that they take nothing from the next one. */
const PAUSE = 10
/** A step that takes longer is taken no more often than it must be. */
const SLOW = 2000

/** Warms a contender up; how many steps make up its part of a round. */
async function calibrate(contender: Contender, { milliseconds }: Pace): Promise<number> {
  let steps = 1
  let took = await contender.run(steps)
  while (took < SLOW) {
    took = await contender.run(steps)
    if (took >= milliseconds / 4) break
    steps *= 2
  }
  return Math.max(1, Math.round((steps * milliseconds) / took))
}

/**
 * Times all contenders in turn, A B C A B C…, so that whatever else the machine does touches them alike; milliseconds a
 * step of each, by name.
 */
export async function interleave(
  contenders: readonly Contender[],
  pace: Pace,
): Promise<ReadonlyMap<string, Spread>> {
  const steps: number[] = []
  for (const contender of contenders) steps.push(await calibrate(contender, pace))
  const samples = contenders.map((): number[] => [])
  for (let round = 0; round < pace.rounds; round++) {
    for (const [i, contender] of contenders.entries()) {
      if (samples[i][0] > SLOW) continue
      await sleep(PAUSE)
      samples[i].push((await contender.run(steps[i])) / steps[i])
    }
  }
  return new Map(contenders.map(({ name }, i) => [name, spread(samples[i])]))
}
