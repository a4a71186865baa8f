import { readFileSync, writeFileSync } from 'node:fs'
import * as Plot from '@observablehq/plot'
import { secondsTicks as plainTicks } from '../src/visualization/cost.ts'
import { integer } from '../src/visualization/format.ts'
import { plot, quietX } from '../src/visualization/frame.ts'
import { serialize } from '../src/visualization/serialize.ts'
import { serverDocument } from '../src/visualization/server.ts'
import { light, resolveVariables, role, series } from '../src/visualization/theme.ts'
import { type BenchRun, readRuns } from './history.ts'
import { inferenceTable, kernelTable, markdown, stepTable, verdictTable } from './tables.ts'

/** A dot: one engine's training step on one network. */
export interface FigureRow {
  readonly network: string
  readonly engine: string
  readonly imagesPerSecond: number
}

/** Ours as it is by default and in its slowest form, and the peers; what the figure leaves out stands in the tables. */
const shown = ['fused, 2 threads', 'strict, 2 threads', 'wasm, 1 thread', 'PyTorch', 'TensorFlow.js']

/** The fastest of each family of engines that is shown. */
export function figureRows({ networks }: BenchRun): FigureRow[] {
  return networks.flatMap(({ network, steps }) =>
    shown.flatMap((engine) => {
      const speeds = steps
        .filter((step) => step.engine.startsWith(engine))
        .map((step) => step.imagesPerSecond)
      return speeds.length === 0 ? [] : [{ network, engine, imagesPerSecond: Math.max(...speeds) }]
    }),
  )
}

const colors = [3, 4, 2, 0, 1].map(series)
const symbols = ['circle', 'diamond', 'triangle', 'square', 'star'] as const

/** Images a second on a logarithmic scale, a line a network. */
export function drawSpeeds(document: Document, rows: readonly FigureRow[]): SVGSVGElement {
  const networks = [...new Set(rows.map((row) => row.network))]
  const engines = shown.filter((engine) => rows.some((row) => row.engine === engine))
  const place = (engine: string) => shown.indexOf(engine)
  const speeds = rows.map((row) => row.imagesPerSecond)
  const domain = [Math.min(...speeds) / 1.4, Math.max(...speeds) * 1.4] as const
  const ticks = plainTicks(...domain)
  const frame = {
    title: 'Images a second while training, by network and engine',
    description: 'On a logarithmic scale; farther to the right is faster. The tables hold the numbers.',
    width: 760,
    height: 90 + 34 * networks.length,
  }
  return plot(document, frame, {
    marginTop: 44,
    marginBottom: 40,
    marginLeft: 96,
    marginRight: 24,
    x: { type: 'log', domain, label: null },
    y: { domain: networks, type: 'band', axis: null },
    marks: [
      Plot.gridX({ stroke: role('rule'), strokeOpacity: 1, ticks }),
      quietX({ ticks, text: (d: number) => integer(d) }),
      Plot.ruleY(networks, { y: (d: string) => d, stroke: role('rule') }),
      Plot.text(networks, {
        y: (d: string) => d,
        text: (d: string) => d,
        frameAnchor: 'left',
        dx: -12,
        textAnchor: 'end',
      }),
      // The first of them is drawn last, over the others.
      ...engines.toReversed().map((engine) =>
        Plot.dot(
          rows.filter((row) => row.engine === engine),
          {
            x: 'imagesPerSecond',
            y: 'network',
            r: 5,
            symbol: symbols[place(engine)],
            fill: colors[place(engine)],
            stroke: role('paper'),
            title: (d: FigureRow) => `${d.network}, ${d.engine}: ${integer(d.imagesPerSecond)} images/s`,
          },
        ),
      ),
      ...engines.map((engine, i) => legend(engine, i)),
      Plot.text(['images a second, training in batches of 32'], {
        frameAnchor: 'bottom',
        dy: 34,
        fill: role('muted'),
        text: (d: string) => d,
      }),
    ],
  })
}

const marks = ['●', '◆', '▲', '■', '★']

function legend(engine: string, i: number): Plot.Markish {
  return Plot.text([`${marks[shown.indexOf(engine)]} ${engine}`], {
    frameAnchor: 'top-left',
    dx: -84 + 136 * i,
    dy: -30,
    textAnchor: 'start',
    fill: colors[shown.indexOf(engine)],
    text: (d: string) => d,
  })
}

/** What the page says between its two markers. */
function newest(run: BenchRun): string {
  const { environment: machine, networks } = run
  const [one, two] = networks[0]?.peak ?? [0, 0]
  const versions = [...new Set(networks.flatMap((result) => result.versions))].join(', ')
  return [
    `${run.date.slice(0, 10)}, revision ${machine.gitRevision?.slice(0, 10) ?? 'unknown'}, ${machine.cpu}, ` +
      `${machine.cores} hardware threads, ${run.variant}, Node ${machine.node}; ${versions || 'no peers'}. ` +
      `Fused peak ${one.toFixed(0)} GFLOP/s on one thread, ${two.toFixed(0)} on two. ` +
      `Medians of ${run.rounds} rounds; the machine's load was ${run.load.toFixed(1)} as it began.`,
    '### Against PyTorch',
    markdown(verdictTable(networks)),
    '### Every engine',
    ...networks.map((result) => markdown(stepTable(result))),
    ...(run.kernels.length > 0 ? ['### Kernels, fused', markdown(kernelTable(run.kernels))] : []),
    ...(run.inference.length > 0 ? ['### Inference', markdown(inferenceTable(run.inference))] : []),
  ].join('\n\n')
}

const docs = (name: string) => new URL(`../docs/${name}`, import.meta.url)
const [before, after] = ['<!-- newest run: made by bench/figure.ts -->', '<!-- end -->']

function write(run: BenchRun) {
  const svg = serialize(drawSpeeds(serverDocument(), figureRows(run)))
  writeFileSync(docs('benchmarks.svg'), `${resolveVariables(svg, light)}\n`)
  const page = readFileSync(docs('benchmarks.md'), 'utf8')
  const [head, rest] = page.split(before)
  const tail = rest.slice(rest.indexOf(after))
  writeFileSync(docs('benchmarks.md'), `${head}${before}\n\n${newest(run)}\n\n${tail}`)
}

const run = readRuns().findLast(({ quick, networks }) => !quick && networks.length > 0)
if (run) write(run)
else {
  process.stderr.write('bench: history.jsonl holds no full run yet; npm run bench makes one.\n')
  process.exitCode = 1
}
