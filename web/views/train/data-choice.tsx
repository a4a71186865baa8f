import { useEffect, useMemo, useState } from 'preact/hooks'
import { InputError } from '../../../src/base/errors.ts'
import { parseSilhouettes } from '../../../src/data/load-silhouettes.ts'
import { integer } from '../../../src/visualization/format.ts'
import { Choice, Field } from '../../parts/field.tsx'
import { Picture, pixelsOf } from '../../parts/picture.tsx'
import { Failure, Loading } from '../../parts/states.tsx'
import { isBusy, openData, refuseData, training } from '../../training/client.ts'
import type { DataSummary, DataWish } from '../../training/protocol.ts'

/** A dataset that the server can hand out. */
interface ServerSet {
  readonly id: string
  readonly source: string
}

const FILES = 'idx:DIR'

/** The datasets of the server that gave the page; none where there is no server. */
function useServerSets(): readonly ServerSet[] {
  const [sets, setSets] = useState<readonly ServerSet[]>([])
  useEffect(() => {
    if (__SITE__) return
    fetch('./api/data')
      .then((answer) => answer.json())
      .then(({ datasets }) => setSets(datasets))
      .catch(() => {}) // then there are still those of the page itself
  }, [])
  return sets.filter(({ source }) => !source.startsWith('silhouettes'))
}

/** Loads what is chosen, once a person has stopped typing. */
function useData(
  source: string,
  validation: number,
  sets: readonly ServerSet[],
  files: readonly File[],
): void {
  const id = sets.find((set) => set.source === source)?.id
  useEffect(() => {
    if (isBusy()) return
    const wish = (): DataWish | undefined => {
      if (source.startsWith('silhouettes')) {
        return { type: 'silhouettes', source, options: parseSilhouettes(source.split(':')[1]) }
      }
      if (source === FILES) return files.length === 0 ? undefined : { type: 'files', source, files }
      return id === undefined ? undefined : { type: 'server', source, id }
    }
    const load = () => {
      try {
        const wished = wish()
        if (wished === undefined) training.data.value = { type: 'none' }
        else openData(wished, validation)
      } catch (error) {
        refuseData(error as Error)
      }
    }
    const later = setTimeout(load, training.data.peek().type === 'none' ? 0 : 400)
    return () => clearTimeout(later)
  }, [source, validation, id, files])
}

interface DataChoiceProps {
  readonly source: string
  readonly validation: number
  readonly isFixed: boolean
  onChange(source: string): void
}

/** Choose what to learn from, and look at it. */
export function DataChoice({ source, validation, isFixed, onChange }: DataChoiceProps) {
  const sets = useServerSets()
  const [files, setFiles] = useState<readonly File[]>([])
  useData(source, validation, sets, files)
  const kind = source.startsWith('silhouettes') ? 'silhouettes' : source
  const known = [
    ['silhouettes', 'Silhouettes'] as const,
    ...sets.map((set) => [set.source, set.source] as const),
    [FILES, 'Your own files'] as const,
  ]
  const choices = known.some(([value]) => value === kind) ? known : [...known, [kind, kind] as const]
  return (
    <section aria-labelledby="train-data">
      <h2 id="train-data">Data</h2>
      <Choice legend="Learn from" value={kind} choices={choices} onChange={onChange} disabled={isFixed} />
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
        hint="Clothes that Atelier draws, the same from every seed."
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
    return <Failure error={new Error(`${kind} is not to be had here: the server does not offer it.`)} />
  }
  if (state.type !== 'here') return <Loading what={kind === 'silhouettes' ? 'Drawing' : 'Loading'} />
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
        {integer(counts.train)} images to learn from, {integer(counts.validation)} to validate on;{' '}
        {integer(counts.test)} test images stay under seal. {classNames.length} classes, {height}×{width}
        {channels === 1 ? ', gray' : ', in colors'}.
      </p>
    </>
  )
}
