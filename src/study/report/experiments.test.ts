import { describe, expect, test } from 'vitest'
import type { Section } from '../../document/document.ts'
import { toHtml } from '../../document/to-html.ts'
import { activationsSection } from '../../experiments/activations/section.ts'
import { auditRecord } from '../../experiments/audit/record.ts'
import { auditSection } from '../../experiments/audit/section.ts'
import { doubledSoftmaxRecord } from '../../experiments/doubled-softmax/record.ts'
import { doubledSoftmaxSection } from '../../experiments/doubled-softmax/section.ts'
import { initializationSection } from '../../experiments/initialization/section.ts'
import { insightRecord } from '../../experiments/insight/record.ts'
import { insightSection } from '../../experiments/insight/section.ts'
import { serverDocument } from '../../visualization/server.ts'
import { auditFixture } from './fixtures/audit.ts'
import { activationsFixture, doubledSoftmaxFixture, initializationFixture } from './fixtures/experiments.ts'
import { insightFixture } from './fixtures/insight.ts'
import { imagesFixture, studyFixture } from './fixtures/study.ts'

const dom = serverDocument()
const context = { dom, dataset: studyFixture().dataset, images: imagesFixture() }
const page = (section: Section) =>
  toHtml({ title: 'x', subtitle: 'x', warnings: [], sections: [section] }, dom).replace(/\s+/g, ' ')

describe('the section on the first weights', () => {
  const record = initializationFixture()
  const { multiplication } = record
  test('says when products vanish and explode, and which beginning learns', () => {
    const html = page(initializationSection(record, context))
    expect(html).toContain(`after ${multiplication.series[0].zeroAt} of them mean and spread are exactly 0`)
    expect(html).toContain(`after ${multiplication.series[1].infiniteAt} of them the mean is infinite`)
    expect(html).toContain('the loss does not diminish: 2.303 in the first epoch, 2.303 in the last')
    expect(html).toContain('it falls from 1.170 in the first epoch to 0.540 in the last')
    expect(html).toContain('With random uniform weights (uniform in [−0.05, 0.05])')
    expect(html).not.toMatch(/NaN|undefined|Infinity/)
  })
  test('is whole where nothing was lost and no epoch completed', () => {
    const series = multiplication.series.map((one) => ({ ...one, zeroAt: null, infiniteAt: null, rows: [] }))
    const runs = record.runs.map((run) => ({ ...run, events: [] }))
    const html = page(
      initializationSection({ ...record, multiplication: { ...multiplication, series }, runs }, context),
    )
    expect(html).toContain('no epoch was completed')
    expect(html).not.toMatch(/NaN|undefined|Infinity/)
  })
})

describe('the section on activations', () => {
  const record = activationsFixture()
  test('says how much of the gradient each activation leaves', () => {
    expect(page(activationsSection(record, context))).toContain('With ReLU (He, uniform)')
  })
  test('is whole where no row was written', () => {
    const runs = record.runs.map((run) => ({ ...run, rows: [] }))
    const html = page(activationsSection({ ...record, runs }, context))
    expect(html).toContain('no gradient is left')
    expect(html).not.toMatch(/NaN|undefined|Infinity/)
  })
})

describe('the section on softmax applied twice', () => {
  const record = doubledSoftmaxFixture()
  test('is drawn from a record that its schema knows', () => {
    expect(doubledSoftmaxRecord.parse(record)).toEqual(record)
  })
  test('names the floor, the classes that died and the reference’s figures', () => {
    const html = page(doubledSoftmaxSection(record, context))
    expect(html).toContain('ln(1 + 9/e) = <strong>1.4612</strong>')
    expect(html).toContain('At the end never predicted: Shirt')
    expect(html).toContain('where the reference reports 1.6386 and 82.36 %')
    expect(html).toContain('In one of the one run with')
  })
  test('is whole where every run failed', () => {
    const runs = record.runs.map((run) => ({ ...run, test: null, predicted: [], events: [] }))
    const html = page(doubledSoftmaxSection({ ...record, runs }, context))
    expect(html).not.toMatch(/NaN|undefined|Infinity/)
  })
})

describe('the section on the audit of the data', () => {
  const record = auditFixture()
  test('is drawn from a record that its schema knows', () => {
    expect(auditRecord.parse(record)).toEqual(record)
  })
  test('says what each figure means, and shows pairs and suspects', async () => {
    const html = page(await auditSection(record, context))
    expect(html).toContain('4 of them equal in every byte')
    expect(html).toContain('lie across the border of the test split')
    expect(html).toContain('In 4 pairs the labels differ')
    expect(html).toContain('is right for 84.97 %')
    expect(html).toContain('2,116 of 60,000 training labels')
    expect(html).toContain('labeled Shirt and likely T-shirt/top (277)')
    expect(html).toContain('which is next to nothing')
    expect(html).toContain(
      '<span>T-shirt/top | Coat</span><span>train 20000</span><span>validation 0</span><span>0.0 gray levels</span>',
    )
    expect(html).toContain(
      '<span>label T-shirt/top</span><span>likely Trouser 1.00</span><span>train 0</span>',
    )
    expect(html).not.toMatch(/NaN|undefined|Infinity/)
  })
  test('is whole where nothing was found', async () => {
    const { nearest: _, ...duplicates } = record.duplicates
    const clean = {
      duplicates: {
        ...duplicates,
        counts: duplicates.counts.map((row) => ({ ...row, exact: 0, near: 0, conflicting: 0 })),
        groups: { count: 0, images: 0, largest: 0 },
        shown: [],
      },
      labels: {
        ...record.labels,
        parts: record.labels.parts.map((part) => ({ ...part, suspects: 0, noise: 0 })),
        commonest: [],
        shown: [],
      },
    }
    expect(auditRecord.parse(clean)).toEqual(clean)
    const html = page(await auditSection(clean, context))
    expect(html).toContain('No two images are that close')
    expect(html).not.toMatch(/NaN|undefined|Infinity|class="missing"/)
  })
})

describe('the section on what the networks look at', () => {
  const record = insightFixture()
  test('is drawn from a record that its schema knows', () => {
    expect(insightRecord.parse(record)).toEqual(record)
  })
  test('shows where they look, filters, the map and the layers, and says what each means', async () => {
    const html = page(await insightSection(record, context))
    for (const id of ['looked-at', 'looked-at-mistakes', 'filters', 'hidden-map', 'layers-mlp-medium'])
      expect(html).toContain(`id="${id}"`)
    expect(html).toContain('what its layer conv_2d_layer_2 gave')
    expect(html).toContain('<span>Trouser</span><span>MLP, medium: right 0.97</span>')
    expect(html).toContain('<span>T-shirt/top</span><span>MLP, medium: Shirt 0.75</span>')
    expect(html).toContain('2 of 128 in hidden_layer_1 of MLP, medium')
    expect(html).toContain('31 % and 13 % of the variance')
    expect(html).toContain('the 14 mistakes of this sample')
    expect(html).not.toMatch(/NaN|undefined|Infinity/)
  })
  test('is whole for one network that recognizes nothing and mistakes nothing', async () => {
    const { networks, shown, ...rest } = record
    const none = { ...shown, indices: [], labels: [] }
    const html = page(
      await insightSection(
        { ...rest, shown: none, networks: [{ ...networks[1], answers: [], maps: '' }] },
        context,
      ),
    )
    expect(html).toContain('there is nothing to look at')
    expect(html).toContain('No unit is dead')
    expect(html).not.toMatch(/NaN|undefined|Infinity/)
  })
})
