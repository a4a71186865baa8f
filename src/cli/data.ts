import { InputError } from '../base/errors.ts'
import type { Dataset } from '../data/dataset.ts'
import type { DownloadEvent } from '../data/download.ts'
import { MissingDataError } from '../data/find.ts'
import { loadDataset, parseSource } from '../data/source.ts'
import type { SplitOptions } from '../data/split.ts'
import { split } from '../data/split.ts'
import { recordedSource } from '../record/recorded-source.ts'
import type { SplitDataset } from '../runs/recorded-run.ts'
import type { StoredRun } from '../runs/run.ts'
import type { Terminal } from './terminal.ts'

/** The split of the reference study: a fifth of the training images, 48,000 / 12,000 on Fashion-MNIST. */
export const defaultSplit: SplitOptions = { validation: 0.2, seed: 1 }

/** Loads a dataset by its source, showing a download's progress. */
export async function loadSource(source: string, terminal: Terminal, signal: AbortSignal): Promise<Dataset> {
  const onProgress = ({ file, bytes, total }: DownloadEvent) => {
    const share = total ? ` of ${(total / 1e6).toFixed(1)}` : ''
    terminal.progress(`Downloading ${file}: ${(bytes / 1e6).toFixed(1)}${share} MB`)
  }
  const dataset = await loadDataset(parseSource(source), { onProgress, signal })
  terminal.clear()
  for (const note of dataset.notes) terminal.warn(note)
  return dataset
}

/** Loads a dataset and splits its training images. */
export async function loadAndSplit(
  source: string,
  terminal: Terminal,
  signal: AbortSignal,
  splitOptions: SplitOptions = defaultSplit,
): Promise<SplitDataset> {
  const dataset = await loadSource(source, terminal, signal)
  return { dataset, split: split(dataset.train, splitOptions, dataset.classNames), splitOptions }
}

/** Loads the data that a record names; refuses others, whose figures would mean something else. */
export async function loadRecorded(
  { directory, manifest: { data: record } }: Pick<StoredRun, 'directory' | 'manifest'>,
  terminal: Terminal,
  signal: AbortSignal,
  wanted?: string,
): Promise<SplitDataset> {
  const source = wanted ?? (await recordedSource(record, directory))
  const loaded = await loadAndSplit(source, terminal, signal, record.split)
  if (loaded.dataset.hash !== record.hash) {
    throw new InputError({
      at: `data ${source}`,
      expected: `the content that the run was trained on (${record.hash.slice(0, 12)}…)`,
      received: `another (${loaded.dataset.hash.slice(0, 12)}…)`,
      hint: 'Name the right data with --data.',
    })
  }
  const [classes, recorded] = [loaded.dataset.classNames, record.classNames]
  if (classes.some((name, i) => name !== recorded[i])) {
    throw new InputError({
      at: `data ${source}`,
      expected: `the classes of the run in their order, ${recorded.join(', ')}`,
      received: classes.join(', '),
      hint: 'Their list was changed since: bring it back to what it was.',
    })
  }
  return loaded
}

/**
 * Loads what a study runs on. Without a wish that is Fashion-MNIST or, where it cannot be had, the built-in silhouettes;
 * this is said, here and in the report.
 */
export async function loadForStudy(
  source: string | undefined,
  terminal: Terminal,
  signal: AbortSignal,
  splitOptions: SplitOptions,
): Promise<{ readonly data: SplitDataset; readonly isSubstitute: boolean }> {
  try {
    const data = await loadAndSplit(source ?? 'fashion-mnist', terminal, signal, splitOptions)
    return { data, isSubstitute: false }
  } catch (error) {
    if (source !== undefined || !(error instanceof MissingDataError)) throw error
    terminal.warn(
      `${error.message}\nContinuing with silhouettes, ten classes of clothes drawn by this program.`,
    )
    return { data: await loadAndSplit('silhouettes', terminal, signal, splitOptions), isSubstitute: true }
  }
}
