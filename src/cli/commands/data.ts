import type { Command } from '../command.ts'
import { numberFlag, textFlag } from '../flags.ts'
import { columns } from '../terminal.ts'

export const dataCommand: Command = {
  name: 'data',
  args: [
    {
      flags: '[source]',
      text: 'fashion-mnist, mnist, silhouettes, idx:DIR, folder:DIR, csv:FILE (default: fashion-mnist)',
    },
  ],
  summary: 'look at a dataset: shapes, range, classes, balance, duplicates',
  flags: [
    { flags: '--validation <share>', text: 'share of the training images to validate on (default: 0.2)' },
    { flags: '--seed <n>', text: 'of the split (default: 1)' },
    { flags: '--out <dir>', text: 'also write the figures, as SVG and PNG files, into this directory' },
  ],
  async run({ args: [source = 'fashion-mnist'], flags, terminal, signal }) {
    const { loadAndSplit } = await import('../data.ts')
    const { explore } = await import('../../data/explore.ts')
    const { makeDirectory } = await import('../../record/files.ts')
    const { findDuplicates } = await import('../../data/duplicates.ts')
    const validation = numberFlag(flags, 'validation', { above: 0, below: 1, usual: 0.2 }) ?? 0.2
    const seed = numberFlag(flags, 'seed', { whole: true, least: 0, usual: 1 }) ?? 1
    const out = textFlag(flags, 'out')
    if (out !== undefined) await makeDirectory(out)
    const data = await loadAndSplit(source, terminal, signal, { validation, seed })
    const { dataset, split } = data
    const found = explore(dataset, split)
    const duplicates = findDuplicates(dataset.train)
    const figures = out === undefined ? [] : await writeFigures(data, out)
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
        ...figures.map((path) => `Figure: ${path}`),
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
  const { writeDataFigures } = await import('../../report/data-figures.ts')
  return writeDataFigures(describeDataset(data, false), directory)
}
