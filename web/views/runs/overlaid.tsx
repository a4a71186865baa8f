import { useEffect, useMemo } from 'preact/hooks'
import { counted } from '../../../src/visualization/format.ts'
import { drawOverlaidCurves } from '../../../src/visualization/overlaid-curves.ts'
import { series } from '../../../src/visualization/theme.ts'
import { hrefOf, route } from '../../base/router.ts'
import type { CurveStore } from '../../client/curves.ts'
import { Drawn } from '../../parts/drawn.tsx'
import { CurveControls, curveOptions } from './curve-controls.tsx'
import { chosenLines, otherLines } from './lines.ts'
import { type Line, nameOfLine } from './represent.ts'

interface OverlaidProps {
  readonly lines: readonly Line[]
  readonly chosen: readonly Line[]
  readonly store: CurveStore
  onRemove(line: Line): void
}

const idsOf = (lines: readonly Line[]) => lines.flatMap(({ rows }) => rows.map(({ id }) => id))

/** The names that tell the chosen apart: paths where two have the same name. */
function namesOf(chosen: readonly Line[]): string[] {
  const names = chosen.map(nameOfLine)
  return names.map((name, i) => (names.indexOf(name) !== names.lastIndexOf(name) ? chosen[i].row.path : name))
}

/** Draws the curves of the chosen in color over those of all others. */
function useDrawing({ lines, chosen, store }: Omit<OverlaidProps, 'onRemove'>, names: readonly string[]) {
  const { metric, split, smoothing, isLog } = curveOptions(route.value.query)
  const curves = store.curves.value
  const ids = useMemo(() => idsOf(lines), [lines])
  useEffect(() => {
    store.want([...idsOf(chosen), ...ids])
  }, [store, ids, chosen])
  const key = `${names.join('\n')} ${idsOf(chosen).join(' ')}`
  return useMemo(() => {
    const options = { metric, split, smoothing } as const
    const drawn = chosen.map(({ rows }, i) => ({ name: names[i], rows }))
    const colored = chosenLines(curves, drawn, options)
    const taken = new Set(idsOf(chosen))
    const others = otherLines(
      curves,
      ids.filter((id) => !taken.has(id)),
      options,
    )
    return (document: Document, width: number) =>
      drawOverlaidCurves(document, colored, others, {
        title: `${metric === 'loss' ? 'Loss' : 'Accuracy'} on the ${split} images by epoch`,
        description: `${names.join(', ') || 'No run'} in color, ${counted(others.length, 'other run')} in gray.`,
        heading: `${split} ${metric}`,
        isShare: metric === 'accuracy',
        isLog,
        width,
        height: width < 560 ? 260 : 340,
      })
    // `key` stands for the chosen: a new figure of one of them draws nothing new until its curve is here
  }, [curves, ids, key, metric, split, smoothing, isLog])
}

/** The curves of many runs laid over one another, those that are chosen in color. */
export function Overlaid({ onRemove, ...props }: OverlaidProps) {
  const { chosen } = props
  const names = namesOf(chosen)
  const draw = useDrawing(props, names)
  return (
    <section aria-labelledby="curves">
      <h2 id="curves">Curves</h2>
      <CurveControls />
      <Drawn draw={draw} height={340} class="overlaid" />
      {chosen.length > 0 && (
        <ul class="chips" aria-label="Drawn in color">
          {chosen.map((line, i) => (
            <li key={line.row.id}>
              <span class="swatch" aria-hidden="true" style={{ background: series(i) }} />
              <a href={hrefOf('runs', { run: line.row.id })}>{names[i]}</a>
              <button type="button" class="quiet" onClick={() => onRemove(line)}>
                <span aria-hidden="true">×</span>
                <span class="visually-hidden">Do not draw {names[i]} in color</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
