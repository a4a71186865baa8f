import {
  aside,
  type Block,
  type Figure,
  type Prose,
  paragraph,
  prose,
  type Rank,
  reference,
  type Section,
  type Sentence,
  sentence,
} from '../document/document.ts'
import { decimal, duration, integer, percent } from '../visualization/format.ts'
import type { Frame } from '../visualization/frame.ts'
import { column, type Table } from '../visualization/table.ts'
import { conclusion } from './conclusion.ts'
import { drawHistory } from './figures/history.ts'
import { drawImportance, importanceHeight, importanceRows } from './figures/importance.ts'
import { drawIntermediate } from './figures/intermediate.ts'
import { drawParallel } from './figures/parallel.ts'
import {
  rankedTrials,
  type SearchRecord,
  type SearchStageRecord,
  type TrialRecord,
  varying,
} from './record.ts'

/** How many of the best trials the table shows. */
const SHOWN = 8

/** A search: how it went, what was found, and what that depended on. */
export function search({ name, title, note, search: record }: SearchStageRecord, dom: Document): Section {
  const named = (figure: string) => `${name}-${figure}`
  const hasValues = record.trials.some(({ value }) => value !== null)
  const trials: Block = {
    type: 'table',
    id: named('trials'),
    rank: 4,
    caption: [sentence`The best trials, in the columns of the reference’s table.`],
    table: bestTrials(record),
  }
  const blocks: Block[] = [
    ...(note === '' ? [] : [{ type: 'note' as const, prose: [sentence`${note}`] }]),
    paragraph(intro(record)),
    ...(hasValues ? [...figures(record, named, dom), trials] : []),
    paragraph(outcome(record, named)),
  ]
  return { id: name, rank: 2, title, blocks }
}

function intro(record: SearchRecord): Prose {
  const { counts, sampler, pruner, axes, trainingSeconds, best } = record
  const pruned = counts.pruned === 0 ? '' : `, ${integer(counts.pruned)} of them ended early (${pruner})`
  const failed = counts.failed === 0 ? '' : `; ${integer(counts.failed)} failed`
  return [
    sentence`${integer(counts.trials)} points over ${axes.length} parameters were chosen by the sampler ${sampler} and trained${pruned}${failed}; together they took ${duration(trainingSeconds)} of one core’s time.`,
    best?.test === undefined
      ? sentence`What is compared is the validation figure; the test images were not opened.`
      : sentence`What is compared is the validation figure; the test images were opened for the winner alone.`,
  ]
}

function outcome(record: SearchRecord, named: (figure: string) => string): Prose {
  const { best, importance } = record
  if (best === undefined) return [sentence`No trial finished.`]
  const chosen = Object.entries(best.parameters).map(([name, value]) => `${name} ${value}`)
  const found = sentence`The best is trial ${best.trial} (${chosen.join(', ')}), found after ${best.trialsToBest} trials.`
  const test: Prose = best.test
    ? [
        sentence`On the test images it recognizes ${percent(best.test.accuracy, 2)} (95 % interval ${percent(best.test.ci95[0], 2)} to ${percent(best.test.ci95[1], 2)}).`,
      ]
    : []
  const again: Prose = best.retrained
    ? [
        sentence`Trained again with another seed it recognizes ${percent(best.retrained.test.accuracy, 2)} of them (95 % interval ${percent(best.retrained.test.ci95[0], 2)} to ${percent(best.retrained.test.ci95[1], 2)}).`,
      ]
    : []
  const [first] = importance?.parameters ?? []
  const weight: Prose =
    first === undefined
      ? []
      : [
          sentence`What mattered most was ${first.name}, which explains ${percent(first.share)} of the differences between trials${aside(reference(named('importance')))}.`,
        ]
  return prose(found, sentence`${conclusion(record)}`, test, again, weight)
}

function figures(record: SearchRecord, named: (figure: string) => string, dom: Document): Figure[] {
  const figure = (
    id: string,
    rank: Rank,
    title: string,
    caption: Sentence,
    size: Pick<Frame, 'width' | 'height'>,
    draw: (frame: Frame) => SVGSVGElement,
  ): Figure => ({
    type: 'figure',
    id: named(id),
    rank,
    caption: [caption],
    panels: [{ type: 'plot', name: named(id), title, svg: draw({ title, description: title, ...size }) }],
  })
  const hasSteps = record.trials.some(({ steps }) => steps.length > 1)
  return [
    figure(
      'history',
      6,
      'Every trial, and the best so far',
      sentence`Every trial in its turn; the line is the best so far.`,
      { width: 720, height: 300 },
      (frame) => drawHistory(dom, record, frame),
    ),
    ...(hasSteps
      ? [
          figure(
            'epochs',
            10,
            'Trials by epoch',
            sentence`The trials by epoch; those that were pruned end early.`,
            { width: 720, height: 320 },
            (frame) => drawIntermediate(dom, record, frame),
          ),
        ]
      : []),
    figure(
      'parallel',
      8,
      'Every trial over all parameters',
      sentence`Every trial as a line over its parameters: the darker, the better.`,
      { width: 760, height: 330 },
      (frame) => drawParallel(dom, record, frame),
    ),
    ...(record.importance
      ? [
          figure(
            'importance',
            7,
            'What the result depended on',
            sentence`What the result depended on, over ${record.importance.trials} trials (functional analysis of variance; Hutter, Hoos and Leyton-Brown 2014).`,
            { width: 560, height: importanceHeight(importanceRows(record).length) },
            (frame) => drawImportance(dom, record, frame),
          ),
        ]
      : []),
  ]
}

function bestTrials(record: SearchRecord): Table {
  const rows = rankedTrials(record).slice(0, SHOWN)
  const axes = varying(record.axes)
  const share = { type: 'percent', digits: 2 } as const
  const loss = { type: 'decimal', digits: 4 } as const
  return {
    columns: [
      column.number('Trial', { type: 'integer' }),
      ...axes.map(({ name }) => column.text(name)),
      column.number('loss', loss),
      column.number('acc', share),
      column.number('val_loss', loss),
      column.number('val_acc', share),
      column.number('round_epochs', { type: 'integer' }),
      column.number('seconds', { type: 'decimal', digits: 1 }),
    ],
    rows: rows.map((trial) => [
      trial.trial,
      ...axes.map(({ name }) => shown(trial.parameters[name])),
      trial.loss ?? null,
      trial.accuracy ?? null,
      trial.valLoss ?? null,
      trial.valAccuracy ?? null,
      trial.epochs ?? null,
      trial.seconds ?? null,
    ]),
  }
}

const shown = (value: TrialRecord['parameters'][string] | undefined) =>
  value === undefined
    ? '–'
    : typeof value === 'number' && !Number.isInteger(value)
      ? decimal(value, 4)
      : String(value)
