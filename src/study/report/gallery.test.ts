import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { describeFigures, type FigureOf, type Pictures, texts } from '../../../test/support/figures.ts'
import {
  drawGradientNorms,
  gradientPoints,
  normDomain,
} from '../../experiments/activations/gradient-norms.ts'
import {
  deadClassesHeight,
  drawDeadClasses,
  predictedCells,
} from '../../experiments/doubled-softmax/dead-classes.ts'
import {
  drawSoftmaxGradient,
  softmaxGradientRows,
} from '../../experiments/doubled-softmax/softmax-gradient.ts'
import { drawMultiplication } from '../../experiments/initialization/multiplication-figure.ts'
import { drawHiddenMap, mapPoints } from '../../experiments/insight/hidden-map.ts'
import {
  classCountRows,
  distributionHeight,
  drawClassDistribution,
} from '../../visualization/class-distribution.ts'
import { comparisonHeight, comparisonRows, drawAccuracies } from '../../visualization/comparison.ts'
import { drawConfusionMatrix } from '../../visualization/confusion-matrix.ts'
import { drawCost } from '../../visualization/cost.ts'
import { drawCoverage } from '../../visualization/coverage.ts'
import { classLabels, drawImageGrid } from '../../visualization/image-grid.ts'
import { curvePoints, drawComparedCurves, drawRunCurves } from '../../visualization/learning-curves.ts'
import { drawReliability, reliabilityRows } from '../../visualization/reliability.ts'
import { serialize } from '../../visualization/serialize.ts'
import { encodePng, pngAddress, serverDocument } from '../../visualization/server.ts'
import { packSprite } from '../../visualization/sprite.ts'
import { calibrationFixture } from './fixtures/calibration.ts'
import { activationsFixture, doubledSoftmaxFixture, initializationFixture } from './fixtures/experiments.ts'
import { insightFixture } from './fixtures/insight.ts'
import { fashionNames, studyFixture } from './fixtures/study.ts'
import { compared } from './sections/found.ts'

const study = studyFixture()
const points = curvePoints(study.networks)
const rows = comparisonRows(compared(study))

const gradients = gradientPoints(activationsFixture())
const doubled = doubledSoftmaxFixture()

const calibration = calibrationFixture(2.5)
const { coverageCurve: curve, aboveThreshold: sure } = calibration.test
const worse = curve.map((point) => ({ ...point, accuracy: point.accuracy - 0.03 }))

const { map } = insightFixture()

/** The pictures of every figure: one without does not compile. */
const cases: Record<
  | FigureOf<typeof import('../../experiments/activations/gradient-norms.ts')>
  | FigureOf<typeof import('../../experiments/doubled-softmax/dead-classes.ts')>
  | FigureOf<typeof import('../../experiments/doubled-softmax/softmax-gradient.ts')>
  | FigureOf<typeof import('../../experiments/initialization/multiplication-figure.ts')>
  | FigureOf<typeof import('../../experiments/insight/hidden-map.ts')>
  | FigureOf<typeof import('../../visualization/class-distribution.ts')>
  | FigureOf<typeof import('../../visualization/comparison.ts')>
  | FigureOf<typeof import('../../visualization/confusion-matrix.ts')>
  | FigureOf<typeof import('../../visualization/cost.ts')>
  | FigureOf<typeof import('../../visualization/coverage.ts')>
  | FigureOf<typeof import('../../visualization/learning-curves.ts')>
  | FigureOf<typeof import('../../visualization/reliability.ts')>,
  Pictures
> = {
  drawRunCurves: {
    'learning-curves': (document) =>
      drawRunCurves(
        document,
        points.filter((p) => p.run === 'cnn-small'),
        { ...texts, metric: 'loss', width: 470, height: 260, heading: 'cnn-small: loss' },
      ),
  },
  drawComparedCurves: {
    'learning-curves-compared': (document) =>
      drawComparedCurves(document, points, {
        ...texts,
        metric: 'accuracy',
        split: 'validation',
        width: 470,
        height: 290,
        heading: 'Validation accuracy',
      }),
  },
  drawClassDistribution: {
    'class-distribution': (document) =>
      drawClassDistribution(
        document,
        classCountRows(fashionNames, { train: [4800, 4800, 3200, 4800, 4800, 900, 4800, 4800, 4800, 4800] }),
        { ...texts, width: 310, height: distributionHeight(10), heading: 'train' },
      ),
  },
  drawConfusionMatrix: {
    'confusion-matrix': (document) =>
      drawConfusionMatrix(document, study.networks[4].test?.confusion ?? [], {
        ...texts,
        classNames: fashionNames,
      }),
  },
  drawAccuracies: {
    accuracies: (document) =>
      drawAccuracies(document, rows, { ...texts, width: 720, height: comparisonHeight(rows.length) }),
  },
  drawCost: {
    cost: (document) => drawCost(document, rows, { ...texts, width: 720, height: 360 }),
  },
  drawMultiplication: {
    multiplication: (document) =>
      drawMultiplication(document, initializationFixture().multiplication, {
        ...texts,
        width: 720,
        height: 340,
      }),
  },
  drawGradientNorms: {
    'gradient-norms': (document) =>
      drawGradientNorms(
        document,
        gradients.filter((p) => p.run === 'sigmoid'),
        {
          ...texts,
          width: 470,
          height: 300,
          heading: 'Sigmoid: gradient’s length',
          domain: normDomain(gradients),
        },
      ),
  },
  drawSoftmaxGradient: {
    'softmax-gradient': (document) =>
      drawSoftmaxGradient(document, softmaxGradientRows(10), { ...texts, width: 560, height: 300 }),
  },
  drawReliability: {
    reliability: (document) =>
      drawReliability(document, reliabilityRows(calibration.test.before.bins), {
        ...texts,
        width: 360,
        height: 350,
        heading: 'As it speaks: error 9.31 %',
      }),
  },
  drawCoverage: {
    coverage: (document) =>
      drawCoverage(
        document,
        [
          { name: 'A network with a long name', curve, sure },
          { name: 'other', curve: worse, sure },
        ],
        {
          ...texts,
          width: 720,
          height: 320,
        },
      ),
  },
  drawDeadClasses: {
    'dead-classes': (document) =>
      drawDeadClasses(document, predictedCells(doubled.runs[1].predicted), {
        ...texts,
        width: 470,
        height: deadClassesHeight(10),
        heading: 'mlp-medium, seed 1',
        classNames: fashionNames,
      }),
  },
  drawHiddenMap: {
    'hidden-map': (document) => {
      const frame = {
        ...texts,
        heading: 'UMAP: 15 neighbors',
        classNames: fashionNames,
        width: 470,
        height: 430,
      }
      return drawHiddenMap(document, mapPoints(map, map.umap.places, frame), frame)
    },
  },
}
describeFigures(cases)

test('an image grid carries its sprite once and names every image', async () => {
  const pixels = new Uint8Array(4 * 784).map((_, i) => i % 256)
  const sprite = packSprite({ count: 4, height: 28, width: 28, channels: 1, pixels })
  const url = pngAddress(await encodePng(sprite))
  const labels = classLabels([0, 1, 2, 9], fashionNames)
  const svg = drawImageGrid(serverDocument(), {
    ...texts,
    id: 'grid',
    sprite,
    url,
    labels,
    columns: 2,
    tileWidth: 64,
  })
  expect(serialize(svg).split(url)).toHaveLength(2)
  expect([...svg.querySelectorAll('text')].map((text) => text.textContent)).toEqual(
    labels.flatMap((l) => l.lines),
  )
  expect(svg.querySelectorAll('use')).toHaveLength(4)
})

test('a picture has one, three or four channels', async () => {
  const sprite = packSprite({ count: 1, height: 2, width: 2, channels: 3, pixels: new Uint8Array(12) })
  const png = await encodePng(sprite)
  expect([...png.subarray(1, 4)]).toEqual([...new TextEncoder().encode('PNG')])
  await expect(encodePng({ ...sprite, channels: 2 })).rejects.toThrow('not 2')
})

test('every figure is drawn in a test', () => {
  const src = new URL('../../', import.meta.url)
  const texts = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ isTest: name.endsWith('.test.ts'), text: readFileSync(new URL(name, src), 'utf8') }))
  const tests = texts.filter(({ isTest }) => isTest).map(({ text }) => text)
  const figures = texts.flatMap(({ text }) =>
    Array.from(text.matchAll(/export function (draw\w+)\(\s*document: Document/g), ([, name]) => name),
  )
  expect(figures).toContain('drawCost')
  const without = figures.filter((name) => !tests.some((text) => text.includes(name)))
  expect(without.filter((name) => name !== 'drawPairMatrix')).toEqual([]) // which has no picture yet
})
