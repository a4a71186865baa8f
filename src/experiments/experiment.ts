import type { z } from 'zod'
import type { Dataset } from '../data/dataset.ts'
import type { Section } from '../document/document.ts'
import type { Engine } from '../engine/backend.ts'
import type { DatasetRecord } from '../record/dataset.ts'
import type { ProgressEvent, RunEvent } from '../record/events.ts'
import type { SplitDataset } from '../record/split-dataset.ts'
import type { PlannedNetwork } from './network-of.ts'

/** A run that was trained before an experiment began. */
export interface TrainedRun {
  readonly name: string
  readonly title: string
  readonly directory: string
}

/** What an experiment is given beside its settings. */
export interface Laboratory {
  readonly data: SplitDataset
  readonly engine: Engine
  /** Where its trainings are recorded, so that one which is cut goes on from its last epoch. */
  readonly directory: string
  /** The line that repeats it. */
  readonly command: string
  /** The networks of the study that it is part of. */
  readonly runs: readonly TrainedRun[]
  readonly signal?: AbortSignal | undefined
}

/** What an experiment tells while it runs: the events of each of its runs, by name, and how far its other work has come. */
export type ExperimentEvent =
  | {
      readonly type: 'run'
      readonly name: string
      readonly epochs: number
      readonly event: RunEvent | ProgressEvent
    }
  | {
      readonly type: 'work'
      /** What it does: `comparing images`. */
      readonly name: string
      readonly done: number
      readonly total: number
      /** What is counted: `pairs`. */
      readonly unit: string
    }

/** An experiment tells how it goes and returns its record; undefined where it was interrupted. */
export type ExperimentStream<Result> = AsyncGenerator<ExperimentEvent, Result | undefined, undefined>

/** What a section is drawn with. */
export interface Drawing {
  readonly dom: Document
  /** The images, where they can be had; figures made of them are left out otherwise. */
  readonly images: Dataset | undefined
}

/** What a section may know beside the experiment's own record. */
export interface SectionContext extends Drawing {
  readonly dataset: Pick<
    DatasetRecord,
    'title' | 'hash' | 'classNames' | 'height' | 'width' | 'channels' | 'counts'
  >
}

/** The parts of a report that experiments may follow. */
export const reportParts = ['data', 'results', 'mistakes'] as const

/**
 * One question asked of the data, the training or the networks, with all that a study needs to know of it: its settings
 * make a stage of the plan, its record goes into the study's, and its section into the report.
 */
export interface Experiment<
  Kind extends string = string,
  Settings extends z.ZodType = z.ZodType,
  Record extends z.ZodType = z.ZodType,
> {
  /** Names it in plans and records. */
  readonly kind: Kind
  /** The title of its stage, where a plan has none of its own. */
  readonly title: string
  /** The part of the report that its section follows. */
  readonly after: (typeof reportParts)[number]
  readonly settings: Settings
  /** What it found, as numbers: sentences and pictures are made when it is shown. */
  readonly record: Record
  /** The networks that it trains, so that one which does not exist is refused before anything runs. */
  networks(settings: z.output<Settings>): readonly PlannedNetwork[]
  /** The names of the study's runs that it looks into; none where it is left out. */
  runs?(settings: z.output<Settings>): readonly string[]
  run(settings: z.output<Settings>, laboratory: Laboratory): ExperimentStream<z.output<Record>>
  section(record: z.output<Record>, context: SectionContext): Section | Promise<Section>
}

/** An experiment whose record and settings have the types of their schemas. */
export const experiment = <K extends string, S extends z.ZodType, R extends z.ZodType>(
  definition: Experiment<K, S, R>,
): Experiment<K, S, R> => definition
