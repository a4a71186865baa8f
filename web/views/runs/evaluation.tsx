import { useMemo, useState } from 'preact/hooks'
import { wilson } from '../../../src/base/statistics/shares.ts'
import type { RunRow, TestRecord } from '../../../src/catalog/run-row.ts'
import { counted, decimal, integer, percent } from '../../../src/visualization/format.ts'
import { column } from '../../../src/visualization/table.ts'
import { useAsked } from '../../parts/asked.ts'
import { CommandLine } from '../../parts/command-line.tsx'
import { ServerFailure } from '../../parts/connection.tsx'
import { rememberMore } from '../../parts/query.ts'
import { Empty, Loading } from '../../parts/states.tsx'
import { DataTable } from '../../parts/table.tsx'
import { type SpriteRecord, Tiles } from '../../parts/tiles.tsx'
import { place } from '../../router.ts'
import { idIn } from '../../server/api.ts'
import { Calibration } from './calibration.tsx'
import { CellImages } from './cell-images.tsx'
import { ConfusionFigure } from './confusion.tsx'

interface EvaluationProps {
  readonly id: string
  readonly row: RunRow
  readonly classNames: readonly string[] | undefined
}

/** How well a run recognizes the test images, where it was ever asked. */
export function Evaluation({ id, row }: EvaluationProps) {
  const path = row.test === null ? undefined : `/api/runs/${idIn(id)}/test`
  const { value, error, again } = useAsked<TestRecord>(path)
  return (
    <section aria-labelledby="test">
      <h2 id="test">On the test images</h2>
      {path === undefined ? (
        <Untested row={row} />
      ) : value !== undefined ? (
        <Tested id={id} name={row.name} test={value} />
      ) : error === undefined ? (
        <Loading what="Reading the evaluation" />
      ) : (
        <ServerFailure error={error} retry={again} />
      )}
    </section>
  )
}

function Untested({ row }: { readonly row: RunRow }) {
  if (row.status !== 'finished') {
    return (
      <Empty title="Not evaluated">
        <p>A run is put to the test images once, after it has finished.</p>
      </Empty>
    )
  }
  return (
    <>
      <p>It was not put to the test images yet. They are opened by one command alone:</p>
      <CommandLine text={`atelier evaluate '${row.path}'`} label="The line that evaluates it" />
    </>
  )
}

const columns = [
  column.text('Class'),
  column.number('Precision', { type: 'decimal', digits: 3 }),
  column.number('Recall', { type: 'decimal', digits: 3 }),
  column.number('F1', { type: 'decimal', digits: 3 }),
  column.number('Images', { type: 'integer' }),
]

interface TestedProps {
  readonly id: string
  readonly name: string
  readonly test: TestRecord
}

function Tested({ id, name, test }: TestedProps) {
  const { low, high } = wilson(test.accuracy, test.count)
  const classNames = useMemo(() => test.perClass.map(({ name }) => name), [test])
  const cell = /^(\d+),(\d+)$/.exec(place.value.query.get('cell') ?? '')
  const rows = test.perClass.map((each) => [each.name, each.precision, each.recall, each.f1, each.support])
  return (
    <>
      <p class="figure-line">
        <strong>{percent(test.accuracy, 2)}</strong> of {counted(test.count, 'image')} recognized; 95 %
        interval {percent(low, 2)} to {percent(high, 2)}. Loss {decimal(test.loss, 4)}.
      </p>
      <div class="beside">
        <div>
          <h3>Which class is taken for which</h3>
          <ConfusionFigure
            confusion={test.confusion}
            classNames={classNames}
            onOpen={(truth, predicted) => rememberMore({ cell: `${truth},${predicted}` })}
          />
          <p class="hint">Choose a cell to see its images: by pointer, or with the arrow keys and Enter.</p>
        </div>
        <DataTable table={{ columns, rows }} caption="Each class" quiet />
      </div>
      {cell !== null && (
        <CellImages
          id={id}
          truth={Number(cell[1])}
          predicted={Number(cell[2])}
          classNames={classNames}
          onClose={() => rememberMore({ cell: undefined })}
        />
      )}
      <Worst id={id} test={test} classNames={classNames} />
      <Calibration
        name={name}
        calibration={test.calibration}
        path={id.split(':').map(decodeURIComponent).join('/')}
      />
    </>
  )
}

/** At first so many. */
const FEW = 12

function Worst({
  id,
  test: { worst },
  classNames,
}: {
  readonly id: string
  readonly test: TestRecord
  readonly classNames: readonly string[]
}) {
  const [isAll, setAll] = useState(false)
  const shown = isAll ? worst : worst.slice(0, FEW)
  const path =
    shown.length === 0
      ? undefined
      : `/api/runs/${idIn(id)}/test/images?index=${shown.map(({ index }) => index).join(',')}`
  const { value, error, again } = useAsked<SpriteRecord>(path)
  return (
    <section aria-labelledby="worst">
      <h3 id="worst">The worst mistakes</h3>
      <p class="hint">Those of which it was surest.</p>
      {worst.length === 0 ? (
        <p>It made none.</p>
      ) : value !== undefined ? (
        <Tiles sprite={value} label="The worst mistakes">
          {shown.map(({ index, truth, predicted, probability }) => (
            <p key={index}>
              said <b>{classNames[predicted]}</b> {decimal(probability, 2)}
              <br />
              is {classNames[truth]}
              <br />
              <small>image {integer(index)}</small>
            </p>
          ))}
        </Tiles>
      ) : error === undefined ? (
        <Loading what="Fetching the images" />
      ) : (
        <ServerFailure error={error} retry={again} />
      )}
      {worst.length > FEW && !isAll && (
        <button type="button" onClick={() => setAll(true)}>
          Show all {worst.length}
        </button>
      )}
    </section>
  )
}
