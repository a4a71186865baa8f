import { describe, expect, test } from 'vitest'
import type { EpochEvent, RunEvent } from '../record/events.ts'
import { hasEnded, summarize } from './summarize.ts'

const started: RunEvent = {
  type: 'started',
  time: '2026-11-01T12:00:00.000Z',
  epochs: 4,
  stepsPerEpoch: 10,
  trainImages: 320,
  validationImages: 80,
}
const epoch = (number: number, valLoss: number, best: boolean): EpochEvent => ({
  type: 'epoch',
  epoch: number,
  loss: 0.5,
  accuracy: 0.8,
  valLoss,
  valAccuracy: 0.75,
  seconds: 2,
  imagesPerSecond: 100 * number,
  learningRate: 0.01,
  best,
})
const twoEpochs = [started, epoch(1, 0.6, true), epoch(2, 0.7, false)]
const interrupted: RunEvent = { type: 'stopped', reason: 'interrupted', epoch: 3, message: 'Interrupted.' }
const stopped: RunEvent = { type: 'stopped', reason: 'early-stopping', epoch: 2, message: 'No better.' }
const validation = { loss: 0.6, accuracy: 0.75 }
const finished: RunEvent = {
  ...{ type: 'finished', epochs: 2, bestEpoch: 1, seconds: 5, imagesPerSecond: 128 },
  weightsHash: 'abc',
  validation,
}
const failed: RunEvent = {
  type: 'failed',
  reason: 'diverged',
  epoch: 3,
  step: 7,
  message: 'The loss became NaN.',
}

describe('the summary of a run', () => {
  test('nothing is known before it has begun', () => {
    expect(summarize([])).toMatchObject({ status: 'running', epochs: 0, epoch: 0, history: [], seconds: 0 })
  })
  test('while it runs, the best epoch is the last that was called best, and its time is that of its epochs', () => {
    const summary = summarize([...twoEpochs, epoch(3, 0.5, true)])
    expect(summary).toMatchObject({ status: 'running', epochs: 4, epoch: 3, best: { epoch: 3 }, seconds: 6 })
    expect(summary.imagesPerSecond).toBe(300)
    expect(summary.validation).toBeUndefined()
  })
  test('a finished run says itself which epoch was kept, how long it took and what its weights are', () => {
    expect(summarize([...twoEpochs, stopped, finished])).toMatchObject({
      status: 'finished',
      best: { epoch: 1 },
      seconds: 5,
      imagesPerSecond: 128,
      weightsHash: 'abc',
      validation,
      stopped: 'No better.',
    })
  })
  test('one that was interrupted waits, and runs again when it goes on', () => {
    expect(summarize([...twoEpochs, interrupted]).status).toBe('interrupted')
    expect(summarize([...twoEpochs, interrupted, epoch(3, 0.5, true)]).status).toBe('running')
  })
  test('one that failed says where', () => {
    const { status, failure, weightsHash } = summarize([...twoEpochs, failed])
    expect([status, failure]).toEqual(['failed', { epoch: 3, step: 7, message: 'The loss became NaN.' }])
    expect(weightsHash).toBeUndefined()
  })
  test('only an end ends it', () => {
    expect([finished, failed, interrupted, stopped].map((last) => hasEnded([...twoEpochs, last]))).toEqual([
      true,
      true,
      false,
      false,
    ])
  })
})
