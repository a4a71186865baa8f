import { makeDirectory } from '../../base/directory.ts'
import { InputError } from '../../base/errors.ts'
import type { LabeledImages } from '../../data/dataset.ts'
import { findDuplicates } from '../../data/duplicates.ts'
import { explore } from '../../data/explore.ts'
import { type Split, type SplitOptions, split, undivided } from '../../data/split.ts'
import { describeForm } from '../../pictures/form.ts'
import { writeDataFigures } from '../../study/report/data-figures.ts'
import type { Invocation, Outcome } from '../command.ts'
import { loadSource } from '../data.ts'
import { numberFlag, refuse, textFlag } from '../flags.ts'
import { columns } from '../terminal.ts'
import { validationShare } from '../training-flags.ts'
import { auditData, readAuditFlags } from './data-audit.ts'

/** Flags of the audit alone. */
const auditFlags = ['threshold', 'network', 'folds', 'epochs', 'threads', 'backend', 'arithmetic']

export async function run({
  args: [source = 'fashion-mnist'],
  flags,
  terminal,
  signal,
}: Invocation): Promise<Outcome> {
  const validation = validationShare(flags)
  const seed = numberFlag(flags, 'seed', { whole: true, least: 0, usual: 1 }) ?? 1
  const out = textFlag(flags, 'out')
  if (flags.audit !== true) refuse(flags, auditFlags, '--audit beside it', 'none')
  const wishes = flags.audit === true ? readAuditFlags(flags) : undefined
  if (out !== undefined) await makeDirectory(out)
  const splitOptions = { validation, seed }
  const dataset = await loadSource(source, terminal, signal)
  const { split, fault } = splitIfPossible(dataset.train, splitOptions, dataset.classNames)
  if (fault && wishes) throw fault
  if (fault)
    terminal.warn(`This set cannot be divided for training, so no image is held out here. ${fault.message}`)
  const data = { dataset, split, splitOptions }
  const found = explore(dataset, split)
  const { groups } = findDuplicates(dataset.train)
  const figures = out === undefined ? [] : await writeDataFigures(data, out)
  const audited = wishes && (await auditData(data, wishes, out, { terminal, signal }))
  if (wishes && !audited) {
    terminal.note('Interrupted before the audit finished; nothing was saved.')
    return 'interrupted'
  }
  if (audited) figures.push(...audited.files)
  terminal.document({
    source: dataset.source,
    title: dataset.title,
    form: dataset.form,
    hash: dataset.hash,
    splitHash: fault ? null : split.hash,
    ...(fault && { splitFault: fault.parts }),
    shapes: found.shapes,
    range: found.range,
    classes: found.classCounts,
    balance: found.balance,
    duplicates: { groups: groups.length, images: groups.flat().length },
    ...(audited && { audit: audited.document }),
    figures,
  })
  terminal.print(
    [
      terminal.bold(dataset.title),
      '',
      tables(found),
      '',
      `Pictures: ${describeForm(dataset.form)}.`,
      found.balance.verdict,
      groups.length === 0
        ? 'No two training images are identical.'
        : `${groups.flat().length} training images are identical to another, in ${groups.length} groups.`,
      `Content ${dataset.hash.slice(0, 16)}…, ${fault ? 'not divided' : `split ${split.hash.slice(0, 16)}…`}`,
      ...(audited ? ['', audited.text, ''] : []),
      ...figures.map((path) => `Written: ${path}`),
    ].join('\n'),
  )
  return 'done'
}

/** The split, or, where a class is too small for one, everything in training and the reason: who looks at a set shall see why. */
function splitIfPossible(
  images: LabeledImages,
  options: SplitOptions,
  classNames: readonly string[],
): { readonly split: Split; readonly fault?: InputError } {
  try {
    return { split: split(images, options, classNames) }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return { split: undivided(images), fault: error }
  }
}

/** Shapes, range and class counts. */
function tables({ shapes, range: { min, max, mean, std }, classCounts }: ReturnType<typeof explore>): string {
  return [
    columns([['split', 'shape'], ...shapes.map((row) => [row.split, `(${row.shape.join(', ')})`])]),
    `pixels / 255: ${min.toFixed(3)} to ${max.toFixed(3)}, mean ${mean.toFixed(4)}, standard deviation ${std.toFixed(4)}`,
    columns([
      ['class', 'train', 'validation', 'test'],
      ...classCounts.map((row) => [row.name, row.train, row.validation, row.test]),
    ]),
  ].join('\n\n')
}
