import './recognize.css'
import { useCallback, useEffect, useState } from 'preact/hooks'
import { hrefOf, route, updateQuery } from '../../base/router.ts'
import { Choice, Field } from '../../parts/field.tsx'
import { Empty, Failure, Loading } from '../../parts/states.tsx'
import { clear, openModel, recognition } from '../../recognition/client.ts'
import { Camera } from './camera.tsx'
import { DrawPad } from './draw-pad.tsx'
import { FILE, type ModelChoice, PACKAGED, useModels } from './models.ts'
import { PictureFile, useGivenPictures } from './picture-file.tsx'
import { Explanation, Probabilities, Verdict } from './result.tsx'

const ways = [
  ['file', 'A file'],
  ['camera', 'The camera'],
  ['draw', 'A drawing'],
] as const
type Way = (typeof ways)[number][0]

/** Show a network a picture, and see what it says and why. Nothing leaves the device. */
export default function Recognize() {
  const { query } = route.value
  const way = ways.find(([name]) => name === query.get('from'))?.[0] ?? 'file'
  const [given, setGiven] = useState<File>()
  const [weights, setWeights] = useState<File>()
  const models = useModels(weights)
  const asked = query.get('model') ?? PACKAGED
  const model = models.find(({ id }) => id === asked)
  useModel(model, weights)
  const takePicture = useCallback((picture: File) => {
    setGiven(picture)
    updateQuery({ from: '' })
  }, [])
  const isOver = useGivenPictures(takePicture)
  const choose = (next: Way) => {
    clear()
    setGiven(undefined)
    updateQuery({ from: next === 'file' ? '' : next })
  }
  return (
    <div class={`view recognize ${isOver ? 'over' : ''}`}>
      <h1>Recognize</h1>
      <p class="lead">
        Show the network a picture. It is processed here, in this page, and does not leave it.
      </p>
      <div class="easel">
        <div>
          <Choice legend="A picture from" value={way} choices={ways} onChange={choose} />
          {way === 'file' && <PictureFile last={given} onPicture={setGiven} />}
          {way === 'camera' && <Camera />}
          {way === 'draw' && <DrawPad onClear={clear} />}
          <WhichModel
            models={models}
            id={asked}
            onChange={(id) => updateQuery({ model: id === PACKAGED ? '' : id })}
            onWeights={setWeights}
          />
        </div>
        <div aria-live="polite">
          <Answer />
        </div>
      </div>
    </div>
  )
}

/** Opens the network that is chosen. */
function useModel(model: ModelChoice | undefined, weights: File | undefined): void {
  const id = model?.id
  useEffect(() => {
    if (model !== undefined) void openModel(weights?.name ?? model.name, () => model.fetchBytes())
  }, [id, weights])
}

interface WhichModelProps {
  readonly models: readonly ModelChoice[]
  readonly id: string
  onChange(id: string): void
  onWeights(file: File): void
}

function WhichModel({ models, id, onChange, onWeights }: WhichModelProps) {
  const state = recognition.model.value
  const choices = models.map((model) => [model.id, model.name] as const)
  return (
    <section class="network" aria-label="Network">
      <div class="fields">
        <Field label="Network" value={id} choices={choices} onInput={onChange} />
      </div>
      {id === FILE && (
        <div class="field">
          <label for="recognize-weights">A safetensors file that Atelier wrote</label>
          <input
            id="recognize-weights"
            type="file"
            accept=".safetensors"
            onChange={(event) => {
              const [file] = event.currentTarget.files ?? []
              if (file !== undefined) onWeights(file)
            }}
          />
        </div>
      )}
      {state.type === 'open' && (
        <p class="hint">
          {state.summary.name}
          {state.summary.source !== undefined && <>, trained on {state.summary.source}</>}. It knows{' '}
          {state.summary.classNames.length} classes: {state.summary.classNames.join(', ')}. Pictures become{' '}
          {state.summary.form}.
        </p>
      )}
    </section>
  )
}

function Answer() {
  const state = recognition.model.value
  const explained = recognition.explained.value
  const error = recognition.error.value
  if (state.type === 'failed') return <Failure error={state.error} />
  if (state.type === 'opening') return <Loading what="Fetching the network" />
  if (state.type === 'none') {
    return (
      <Empty title="There is no network yet">
        <p>
          <a href={hrefOf('train')}>Train one</a> in this page, or choose a weights file.
        </p>
      </Empty>
    )
  }
  if (error !== undefined) return <Failure error={error} />
  if (explained === undefined) {
    return recognition.isPredicting.value ? (
      <Loading what="Looking" />
    ) : (
      <Empty title="No picture yet">
        <p>The prediction, the network’s input and the pixels that mattered will appear here.</p>
      </Empty>
    )
  }
  const { summary } = state
  return (
    <>
      <Verdict explained={explained} summary={summary} />
      <Probabilities explained={explained} classNames={summary.classNames} />
      <Explanation explained={explained} summary={summary} />
    </>
  )
}
