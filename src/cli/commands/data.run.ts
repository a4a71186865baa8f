import { makeDirectory } from '../../base/directory.ts'
import { findDuplicates } from '../../data/duplicates.ts'
import { explore } from '../../data/explore.ts'
import { describeForm } from '../../pictures/form.ts'
import { writeDataFigures } from '../../study/report/data-figures.ts'
import type { Invocation, Outcome } from '../command.ts'
import { loadAndSplit } from '../data.ts'
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
  const data = await loadAndSplit(source, terminal, signal, { validation, seed })
  const { dataset, split } = data
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
    splitHash: split.hash,
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
      `Content ${dataset.hash.slice(0, 16)}…, split ${split.hash.slice(0, 16)}…`,
      ...(audited ? ['', audited.text, ''] : []),
      ...figures.map((path) => `Written: ${path}`),
    ].join('\n'),
  )
  return 'done'
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
