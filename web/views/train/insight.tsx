import { useMemo } from 'preact/hooks'
import { counted, integer } from '../../../src/visualization/format.ts'
import { Bars } from '../../parts/bars.tsx'
import { Figure, useModule } from '../../parts/figure.tsx'
import { Picture, pixelsOf } from '../../parts/picture.tsx'
import { show, training } from '../../training/client.ts'
import type { DataSummary, Tiles } from '../../training/protocol.ts'
import { TileSheet } from './tile-sheet.tsx'

const load = () => import('../../../src/visualization/confusion-matrix.ts')

/** The confusion matrix of the validation images. */
export function Confusion({ classNames }: Pick<DataSummary, 'classNames'>) {
  const module = useModule(load)
  const confusion = training.confusion.value
  const draw = useMemo(() => {
    if (module === undefined || confusion === undefined) return undefined
    const options = {
      title: 'Confusion matrix of the validation images',
      description: 'Rows are the true classes, columns the predicted ones.',
      classNames,
    }
    return (document: Document) => module.drawConfusionMatrix(document, confusion, options)
  }, [module, confusion, classNames])
  if (confusion === undefined) return null
  return (
    <section aria-labelledby="train-confusion">
      <h2 id="train-confusion">Confusion matrix</h2>
      <Figure draw={draw} caption="The validation images after the last epoch." />
    </section>
  )
}

/** The weights of the first layer as pictures. */
export function Filters() {
  const filters = training.snapshot.value?.filters
  if (filters === undefined) return null
  const { count, total, height, width, title } = filters
  const label = `${counted(count, 'filter')} of ${title}, ${height}×${width}`
  return (
    <section aria-labelledby="train-filters">
      <h2 id="train-filters">Filters of the first layer</h2>
      <TileSheet tiles={filters} label={label} />
      <p class="hint">
        The weights of {title}: positive in blue, negative in orange.
        {total > count && ` The first ${count} of ${integer(total)}.`}
      </p>
    </section>
  )
}

function Layer({ tiles }: { readonly tiles: Tiles }) {
  const { title, height, width, total, count } = tiles
  const form =
    height * width === 1 ? counted(total, 'value') : `${counted(total, 'channel')} of ${height}×${width}`
  return (
    <figure class="layer">
      <figcaption>
        {title}: {form}
        {total > count && `, ${count} shown`}
      </figcaption>
      <TileSheet tiles={tiles} label={`Outputs of ${title}: ${form}`} />
    </figure>
  )
}

/** The outputs of every layer for an image that a person chooses. */
export function Activations({ summary }: { readonly summary: DataSummary }) {
  const snapshot = training.snapshot.value
  if (snapshot === undefined) return null
  const { gallery, classNames, height, width, channels } = summary
  const size = height * width * channels
  const shares = classNames.map((name, c) => ({ name, share: snapshot.probabilities[c] }))
  return (
    <section aria-labelledby="train-activations">
      <h2 id="train-activations">Activations</h2>
      <fieldset class="choice pictures">
        <legend>A validation image</legend>
        {gallery.labels.map((label, i) => (
          <label key={i}>
            <input
              type="radio"
              name="train-picture"
              checked={i === snapshot.image}
              onChange={() => show(i)}
            />
            <Picture
              pixels={pixelsOf(gallery.pixels.subarray(i * size, (i + 1) * size), height, width, channels)}
              label={`${classNames[label]}, ${i}`}
            />
          </label>
        ))}
      </fieldset>
      <p class="hint">
        Its class is {classNames[gallery.labels[snapshot.image]]}. The outputs of every layer, from the first
        to the last:
      </p>
      <div class="layers">
        {snapshot.activations.map((tiles) => (
          <Layer key={tiles.title} tiles={tiles} />
        ))}
      </div>
      <Bars shares={shares} label="Probabilities of the classes" />
    </section>
  )
}
