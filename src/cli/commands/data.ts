import type { Command } from '../command.ts'
import { engineFlags, numberFlag, refuse, textFlag } from '../flags.ts'
import { columns } from '../terminal.ts'

export const dataCommand: Command = {
  name: 'data',
  args: [
    {
      flags: '[source]',
      text: 'fashion-mnist, mnist, silhouettes, idx:DIR, folder:DIR, csv:FILE (default: fashion-mnist)',
    },
  ],
  summary: 'look at a dataset: shapes, range, classes, balance, duplicates; --audit finds its faults',
  flags: [
    { flags: '--validation <share>', text: 'share of the training images to validate on (default: 0.2)' },
    { flags: '--seed <n>', text: 'of the split and the audit (default: 1)' },
    {
      flags: '--out <dir>',
      text: 'also write text and figures (Markdown, SVG), and the audit as a page, into this directory',
    },
    {
      flags: '--audit',
      text: 'look for faults: duplicates within and across splits, labels that are probably wrong',
    },
    {
      flags: '--threshold <n>',
      text: 'audit: near-duplicates differ by at most so many gray levels (default: 10)',
    },
    { flags: '--network <name>', text: 'audit: the network that judges labels (default: cnn-small)' },
    { flags: '--folds <n>', text: 'audit: how many parts judge each other (default: 5)' },
    { flags: '--epochs <n>', text: 'audit: of each training (default: 6)' },
    ...engineFlags,
  ],
  async run({ args: [source = 'fashion-mnist'], flags, terminal, signal }) {
    const { loadAndSplit } = await import('../data.ts')
    const { explore } = await import('../../data/explore.ts')
    const { makeDirectory } = await import('../../base/directory.ts')
    const { findDuplicates } = await import('../../data/duplicates.ts')
    const validation = numberFlag(flags, 'validation', { above: 0, below: 1, usual: 0.2 }) ?? 0.2
    const seed = numberFlag(flags, 'seed', { whole: true, least: 0, usual: 1 }) ?? 1
    const out = textFlag(flags, 'out')
    const isAudit = flags.audit === true
    if (!isAudit) {
      const idle = ['threshold', 'network', 'folds', 'epochs', 'threads', 'backend', 'arithmetic']
      refuse(flags, idle, '--audit beside it', 'none')
    }
    const auditing = isAudit ? await import('./data-audit.ts') : undefined
    const wishes = await auditing?.readAuditFlags(flags)
    if (out !== undefined) await makeDirectory(out)
    const data = await loadAndSplit(source, terminal, signal, { validation, seed })
    const { dataset, split } = data
    const found = explore(dataset, split)
    const duplicates = findDuplicates(dataset.train)
    const figures = out === undefined ? [] : await writeFigures(data, out)
    const audited = wishes && (await auditing?.auditData(data, wishes, out, { terminal, signal }))
    if (isAudit && !audited) {
      terminal.note('Interrupted before the audit was done; nothing of it was kept.')
      return 'interrupted'
    }
    if (audited) figures.push(...audited.files)
    terminal.document({
      source: dataset.source,
      title: dataset.title,
      hash: dataset.hash,
      splitHash: split.hash,
      shapes: found.shapes,
      range: found.range,
      classes: found.classCounts,
      balance: found.balance,
      duplicates: { groups: duplicates.groups.length, images: duplicates.groups.flat().length },
      ...(audited && { audit: audited.document }),
      figures,
    })
    const { min, max, mean, std } = found.range
    terminal.print(
      [
        terminal.bold(dataset.title),
        '',
        columns([['split', 'shape'], ...found.shapes.map((row) => [row.split, `(${row.shape.join(', ')})`])]),
        '',
        `pixels / 255: ${min.toFixed(3)} to ${max.toFixed(3)}, mean ${mean.toFixed(4)}, standard deviation ${std.toFixed(4)}`,
        '',
        columns([
          ['class', 'train', 'validation', 'test'],
          ...found.classCounts.map((row) => [row.name, row.train, row.validation, row.test]),
        ]),
        '',
        found.balance.verdict,
        duplicates.groups.length === 0
          ? 'No two training images are equal.'
          : `${duplicates.groups.flat().length} training images are equal to another, in ${duplicates.groups.length} groups.`,
        `Content ${dataset.hash.slice(0, 16)}…, split ${split.hash.slice(0, 16)}…`,
        ...(audited ? ['', audited.text, ''] : []),
        ...figures.map((path) => `Written: ${path}`),
      ].join('\n'),
    )
    return 'done'
  },
}

/** Draws what `study` draws of the data. */
async function writeFigures(
  data: Parameters<typeof import('../../study/describe.ts').describeDataset>[0],
  directory: string,
): Promise<string[]> {
  const { describeDataset } = await import('../../study/describe.ts')
  const { writeDataFigures } = await import('../../study/report/data-figures.ts')
  return writeDataFigures(describeDataset(data, false), directory)
}
