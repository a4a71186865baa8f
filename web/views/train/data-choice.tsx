import { useMemo, useState } from 'preact/hooks'
import { InputError } from '../../../src/base/errors.ts'
import { parseSilhouettes } from '../../../src/data/load-silhouettes.ts'
import { integer } from '../../../src/visualization/format.ts'
import { Choice, Field } from '../../parts/field.tsx'
import { Picture, pixelsOf } from '../../parts/picture.tsx'
import { Failure, Loading } from '../../parts/states.tsx'
import { training } from '../../training/client.ts'
import type { DataSummary } from '../../training/protocol.ts'
import { FILES, isSilhouettes, useData, useServerSets } from './use-data.ts'

interface DataChoiceProps {
  readonly source: string
  readonly validation: number
  readonly isFixed: boolean
  onChange(source: string): void
}

/** Choose the data to train on, and look at it. */
export function DataChoice({ source, validation, isFixed, onChange }: DataChoiceProps) {
  const sets = useServerSets()
  const [files, setFiles] = useState<readonly File[]>([])
  useData({ source, files, id: sets.find((set) => set.source === source)?.id }, validation)
  const kind = isSilhouettes(source) ? 'silhouettes' : source
  const known = [
    ['silhouettes', 'Silhouettes'] as const,
    ...sets.map((set) => [set.source, set.source] as const),
    [FILES, 'Your own files'] as const,
  ]
  const choices = known.some(([value]) => value === kind) ? known : [...known, [kind, kind] as const]
  return (
    <section aria-labelledby="train-data">
      <h2 id="train-data">Data</h2>
      <Choice legend="Train on" value={kind} choices={choices} onChange={onChange} disabled={isFixed} />
      {kind === 'silhouettes' && <Silhouettes source={source} isFixed={isFixed} onChange={onChange} />}
      {kind === FILES && <OwnFiles onChange={setFiles} isFixed={isFixed} />}
      <DataLook isWanting={kind === FILES && files.length === 0} kind={kind} />
    </section>
  )
}

function Silhouettes({ source, isFixed, onChange }: Omit<DataChoiceProps, 'validation'>) {
  const pairs = (source.split(':')[1] ?? '').split(',').filter((pair) => pair !== '')
  const count = pairs.find((pair) => pair.startsWith('train='))?.slice(6) ?? ''
  const change = (text: string) => {
    const others = pairs.filter((pair) => !pair.startsWith('train='))
    const all = [...(text.trim() === '' ? [] : [`train=${text.trim()}`]), ...others].join(',')
    onChange(all === '' ? 'silhouettes' : `silhouettes:${all}`)
  }
  const error = useMemo(() => {
    try {
      parseSilhouettes(source.split(':')[1])
      return undefined
    } catch (thrown) {
      return thrown instanceof InputError ? 'Expected a whole number from 1 to 1,000,000.' : String(thrown)
    }
  }, [source])
  return (
    <div class="fields">
      <Field
        label="Training images"
        value={count}
        placeholder="12000"
        inputMode="numeric"
        hint="Clothes drawn by Atelier, always the same."
        error={error}
        disabled={isFixed}
        onInput={change}
      />
    </div>
  )
}

function OwnFiles({
  isFixed,
  onChange,
}: {
  readonly isFixed: boolean
  onChange(files: readonly File[]): void
}) {
  return (
    <div class="field">
      <label for="train-files">Four IDX files, as MNIST and Fashion-MNIST come</label>
      <input
        id="train-files"
        type="file"
        multiple
        disabled={isFixed}
        aria-describedby="train-files-hint"
        onChange={(event) => onChange([...(event.currentTarget.files ?? [])])}
      />
      <p class="hint" id="train-files-hint">
        Named <code>train-images-idx3-ubyte</code>, <code>train-labels-idx1-ubyte</code> and the two of{' '}
        <code>t10k</code>, plain or <code>.gz</code>; <code>classes.txt</code> may name the classes. They stay
        on this device.
      </p>
    </div>
  )
}

function DataLook({ isWanting, kind }: { readonly isWanting: boolean; readonly kind: string }) {
  const state = training.data.value
  if (isWanting) return null
  if (state.type === 'failed') return <Failure error={state.error} />
  if (state.type === 'none' && kind !== 'silhouettes') {
    return <Failure error={new Error(`The server does not offer ${kind}.`)} />
  }
  if (state.type !== 'open') return <Loading what={kind === 'silhouettes' ? 'Drawing' : 'Loading'} />
  return <Summary summary={state.summary} />
}

function Summary({ summary }: { readonly summary: DataSummary }) {
  const { counts, classNames, height, width, channels, gallery } = summary
  const size = height * width * channels
  return (
    <>
      <ul class="gallery" aria-label="An image of each class">
        {classNames.slice(0, 20).map((name, label) => {
          const i = gallery.labels.indexOf(label)
          const pixels = gallery.pixels.subarray(i * size, (i + 1) * size)
          return (
            <li key={name}>
              {i >= 0 && <Picture pixels={pixelsOf(pixels, height, width, channels)} label="" />}
              <span>{name}</span>
            </li>
          )
        })}
      </ul>
      <p class="hint">
        {integer(counts.train)} images for training, {integer(counts.validation)} for validation; the{' '}
        {integer(counts.test)} test images stay sealed. {classNames.length} classes, {height}×{width}
        {channels === 1 ? ', grayscale' : ', color'}.
      </p>
    </>
  )
}
