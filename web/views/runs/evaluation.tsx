import { useMemo } from 'preact/hooks'
import { shellQuoted } from '../../../src/base/shell.ts'
import { wilson } from '../../../src/base/statistics/shares.ts'
import type { RunRow } from '../../../src/catalog/run-row.ts'
import type { TestRecord } from '../../../src/record/evaluation.ts'
import { counted, decimal, percent } from '../../../src/visualization/format.ts'
import { column } from '../../../src/visualization/table.ts'
import { route, updateQuery } from '../../base/router.ts'
import { Await } from '../../client/await.tsx'
import { endpoints } from '../../client/endpoints.ts'
import { useFetch } from '../../client/use-fetch.ts'
import { CommandLine } from '../../parts/command-line.tsx'
import { Empty } from '../../parts/states.tsx'
import { DataTable } from '../../parts/table.tsx'
import { Calibration } from './calibration.tsx'
import { CellImages } from './cell-images.tsx'
import { ConfusionFigure } from './confusion.tsx'
import { Worst } from './worst.tsx'

interface EvaluationProps {
  readonly row: RunRow
}

/** How well a run recognizes the test images, where it was ever evaluated. */
export function Evaluation({ row }: EvaluationProps) {
  const request = useFetch(row.test === null ? undefined : endpoints.test(row.id))
  return (
    <section aria-labelledby="test">
      <h2 id="test">On the test images</h2>
      {row.test === null ? (
        <Untested row={row} />
      ) : (
        <Await request={request} loading="Reading the evaluation">
          {(test) => <Tested row={row} test={test} />}
        </Await>
      )}
    </section>
  )
}

function Untested({ row }: { readonly row: RunRow }) {
  if (row.status !== 'finished') {
    return (
      <Empty title="Not evaluated">
        <p>A run is evaluated on the test images once, after it has finished.</p>
      </Empty>
    )
  }
  return (
    <>
      <p>It has not been evaluated on the test images yet. Only one command opens them:</p>
      <CommandLine text={`atelier evaluate ${shellQuoted(row.path)}`} label="Command that evaluates it" />
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
  readonly row: RunRow
  readonly test: TestRecord
}

function Tested({ row: { id, name, path }, test }: TestedProps) {
  const { low, high } = wilson(test.accuracy, test.count)
  const classNames = useMemo(() => test.perClass.map(({ name }) => name), [test])
  const cell = /^(\d+),(\d+)$/.exec(route.value.query.get('cell') ?? '')
  const rows = test.perClass.map((each) => [each.name, each.precision, each.recall, each.f1, each.support])
  return (
    <>
      <p class="figure-line">
        <strong>{percent(test.accuracy, 2)}</strong> of {counted(test.count, 'image')} recognized; 95 %
        interval {percent(low, 2)} to {percent(high, 2)}. Loss {decimal(test.loss, 4)}.
      </p>
      <div class="beside">
        <div>
          <h3>Which class is mistaken for which</h3>
          <ConfusionFigure
            confusion={test.confusion}
            classNames={classNames}
            onOpen={(truth, predicted) => updateQuery({ cell: `${truth},${predicted}` })}
          />
          <p class="hint">Click a cell to see its images, or use the arrow keys and Enter.</p>
        </div>
        <DataTable table={{ columns, rows }} caption="Each class" quiet />
      </div>
      {cell !== null && (
        <CellImages
          id={id}
          truth={Number(cell[1])}
          predicted={Number(cell[2])}
          classNames={classNames}
          onClose={() => updateQuery({ cell: undefined })}
        />
      )}
      <Worst id={id} test={test} classNames={classNames} />
      <Calibration name={name} calibration={test.calibration} path={path} />
    </>
  )
}
