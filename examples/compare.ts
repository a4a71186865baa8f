import * as at from 'atelier'

// What two classifiers said of the same thousand pictures, wherever they come from: a file, a service, another program.
const labels = Array.from({ length: 1000 }, (_, i) => i % 10)
const theirs = labels.map((label, i) => (i % 9 === 0 ? (label + 1) % 10 : label))
const ours = labels.map((label, i) => (i % 11 === 0 ? (label + 3) % 10 : label))

const { pairs, testSet } = at.compareClassifiers(labels, [
  { name: 'ours', predictions: [ours] },
  { name: 'theirs', predictions: [theirs] },
])
for (const { a, b, difference, ci95, adjustedPValue, distinguishable } of pairs) {
  const [points, low, high] = [difference, ...ci95].map((share) => (100 * share).toFixed(1))
  console.log(`${a} − ${b}: ${points} points (${low} to ${high}), p = ${adjustedPValue.toFixed(3)}`)
  if (!distinguishable) console.log('not distinguishable')
}
console.log(`Differences below ${(100 * testSet.smallestDifference).toFixed(1)} points may be chance.`)
