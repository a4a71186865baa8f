import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { confidentLearning } from './confident-learning.ts'

/** Made by `test/oracles/confident_learning.py`. */
const oracle: {
  classes: number
  labels: number[]
  probabilities: number[]
  thresholds: number[]
  joint: number[][]
  suspects: number[]
  likely: number[]
} = JSON.parse(readFileSync(new URL('../../test/oracles/confident_learning.json', import.meta.url), 'utf8'))

describe('confident learning', () => {
  test('agrees with an independent program on a noisy set', () => {
    const found = confidentLearning(oracle)
    found.thresholds.forEach((t, j) => {
      expect(t).toBeCloseTo(oracle.thresholds[j], 12)
    })
    found.joint.flat().forEach((value, i) => {
      expect(value).toBeCloseTo(oracle.joint.flat()[i], 10)
    })
    expect(found.suspects.map(({ index }) => index)).toEqual(oracle.suspects)
    expect(found.suspects.map(({ likely }) => likely)).toEqual(oracle.likely)
  })

  test('tells the one wrong label of a small example, worked out by hand', () => {
    // Classes 0 and 1 with thresholds (0.9 + 0.8 + 0.1) / 3 = 0.6 and (0.9 + 0.7) / 2 = 0.8.
    const labels = [0, 0, 0, 1, 1]
    const probabilities = [0.9, 0.1, 0.8, 0.2, 0.1, 0.9, 0.1, 0.9, 0.3, 0.7]
    const { thresholds, joint, suspects, noise } = confidentLearning({ labels, probabilities, classes: 2 })
    expect(thresholds.map((t) => Number(t?.toFixed(12)))).toEqual([0.6, 0.8])
    expect(joint).toEqual([
      [2, 1],
      [0, 2],
    ])
    expect(suspects).toEqual([{ index: 2, given: 0, likely: 1, probability: 0.9, selfConfidence: 0.1 }])
    expect(noise).toBeCloseTo(0.2, 12)
  })

  test('suspects nothing where model and labels agree, and stands a class without images', () => {
    const probabilities = [0.8, 0.1, 0.1, 0.1, 0.8, 0.1]
    const { suspects, noise, thresholds } = confidentLearning({ labels: [0, 1], probabilities, classes: 3 })
    expect(suspects).toEqual([])
    expect(noise).toBe(0)
    expect(thresholds[2]).toBeNull()
  })
})
