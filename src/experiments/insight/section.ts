import type { Dataset } from '../../data/dataset.ts'
import {
  aside,
  type Block,
  offPaper,
  type Panel,
  type Prose,
  paragraph,
  phrase,
  prose,
  type Rank,
  reference,
  type Section,
  type Sentence,
  sentence,
} from '../../document/document.ts'
import { imagesPanel, type Look } from '../../document/images-panel.ts'
import { imagesOf } from '../../evaluation/after-evaluation.ts'
import { counted, decimal, enumeration, integer, percent } from '../../visualization/format.ts'
import { glowing, inColor, sideBySide, signed } from '../../visualization/heat.ts'
import type { TileLabel } from '../../visualization/image-grid.ts'
import { column, type Table } from '../../visualization/table.ts'
import type { SectionContext } from '../experiment.ts'
import { drawHiddenMap, type MapFrame, mapPoints } from './hidden-map.ts'
import type { InsightRecord, MapRecord, NetworkInsight } from './record.ts'

/** Where the networks look, what their first layers ask for, how their layers fare, and how the last one sees the images. */
export async function insightSection(record: InsightRecord, context: SectionContext): Promise<Section> {
  const { images, dataset, dom } = context
  const blocks: Block[] = [
    paragraph(lookingProse(record)),
    ...(images === undefined ? [] : await lookingFigures(record, images)),
    paragraph(filtersProse(record)),
    await filtersFigure(record),
    paragraph(mapProse(record.map)),
    mapFigure(record.map, dataset.classNames, dom),
    paragraph(layersProse(record)),
    ...record.networks.map((network) => layerTable(network, record.sample)),
  ]
  return { id: 'insight', rank: 2, title: 'What the networks look at', blocks }
}

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'))

/** Images that the last network recognized, and that it mistook. */
function parted({ shown, networks }: InsightRecord): { right: number[]; wrong: number[] } {
  const { answers } = networks[networks.length - 1]
  const all = shown.labels.map((_, i) => i)
  const isRight = (i: number) => answers[i].predicted === shown.labels[i]
  return { right: all.filter(isRight), wrong: all.filter((i) => !isRight(i)) }
}

const methods = {
  'grad-cam': (title: string, layer?: string): Sentence =>
    sentence`For ${title} that is Grad-CAM (Selvaraju and others, 2017): what its layer ${layer ?? ''} gave, each channel weighted by how much it speaks for the answer.`,
  'input-gradient': (title: string): Sentence =>
    sentence`For ${title} it is the size of the gradient of the answer’s score by each pixel (Simonyan and others, 2014): how much the answer would sway if the pixel changed.`,
}

function lookingProse({ networks, shown }: InsightRecord): Prose {
  if (shown.indices.length === 0)
    return [sentence`No image of the sample was recognized and none mistaken: there is nothing to look at.`]
  return prose(
    sentence`Which pixels an answer rests on can be read from the network itself: the brighter a place glows, the more it matters.`,
    ...networks.map(({ method, title, layer }) => methods[method](title, layer)),
    sentence`A sound answer rests on the item, and a mistake often on the one part that two classes share.`,
  )
}

async function lookingFigures(record: InsightRecord, images: Dataset): Promise<Block[]> {
  const { right, wrong } = parted(record)
  const titles = enumeration(record.networks.map(({ title }) => title))
  const last = record.networks[record.networks.length - 1].title
  const figure = async (
    id: string,
    rank: Rank,
    title: string,
    chosen: readonly number[],
    caption: Prose,
  ): Promise<Block[]> =>
    chosen.length === 0
      ? []
      : [
          {
            type: 'figure',
            id,
            rank,
            caption,
            panels: [await strips(record, images, chosen, { name: id, title })],
          },
        ]
  return [
    ...(await figure('looked-at', 8, `Where ${titles} look on images that are recognized`, right, [
      sentence`One test image of each class that ${last} recognizes: the image, and where ${titles} look for their answers.`,
      sentence`Below, what it is and what each of them says, with its probability.`,
    ])),
    ...(await figure('looked-at-mistakes', offPaper, `Where ${titles} look on the worst mistakes`, wrong, [
      sentence`The same for the mistakes of which ${last} was surest: where it looks is what misled it, or where the label is wrong.`,
    ])),
  ]
}

/** A tile for each chosen image: the image and every network's view of it. */
async function strips(
  { shown, networks }: InsightRecord,
  { classNames, test }: Dataset,
  chosen: readonly number[],
  look: Pick<Look, 'name' | 'title'>,
): Promise<Panel> {
  const images = imagesOf(
    test,
    chosen.map((i) => shown.indices[i]),
  )
  const size = images.height * images.width
  const pick = (bytes: Uint8Array) =>
    Buffer.concat(chosen.map((i) => bytes.subarray(i * size, (i + 1) * size)))
  const views = networks.map(({ maps }) => glowing(images, pick(bytesOf(maps))))
  const joined = sideBySide([inColor(images), ...views])
  const labels = chosen.map((i): TileLabel => {
    const is = classNames[shown.labels[i]]
    const said = networks.map(({ title, answers }) => {
      const { predicted, probability } = answers[i]
      const what = predicted === shown.labels[i] ? 'right' : classNames[predicted]
      return `${title}: ${what} ${decimal(probability, 2)}`
    })
    return { lines: [is, ...said], title: `Test image ${shown.indices[i]}: ${is}; ${said.join('; ')}` }
  })
  const description = labels.map(({ title }) => title).join('. ')
  return imagesPanel(joined, labels, { ...look, description, columns: 5, tileWidth: 150 })
}

function filtersProse({ networks }: InsightRecord): Sentence {
  const chosen = networks.some(({ filters }) => filters.shown.length < filters.total)
    ? '; where there are too many to show, those with the largest weights are'
    : ''
  return sentence`The weights of a first layer are pictures of what it asks for${aside(reference('filters'))}: blue where it wants light, orange where it wants darkness; edges and the outlines of whole items are signs that it has learned, noise a sign of weights that have hardly moved, or of pixels that are always dark${chosen}.`
}

async function filtersFigure({ networks }: InsightRecord): Promise<Block> {
  const panels = await Promise.all(
    networks.map(({ name, title, filters }) => {
      const { height, width, shown, layer, total, weights } = filters
      const pictures = signed({ count: shown.length, height, width, pixels: bytesOf(weights) })
      const labels = shown.map((i) => ({ lines: [`${i}`], title: `Filter ${i}` }))
      const what = `${shown.length < total ? `${shown.length} of ` : ''}${counted(total, 'filter')}`
      const description = `${what} of ${layer}, ${height} × ${width} pixels each, as pictures of their weights.`
      const look = {
        name: `filters-${name}`,
        title: `First layer of ${title}`,
        description,
        columns: 8,
        tileWidth: 40,
      }
      return imagesPanel(pictures, labels, look)
    }),
  )
  const each = networks.map(
    ({ title, filters: { shown, total, height, width, largest } }) =>
      `${title} (${shown.length < total ? `${shown.length} of ` : ''}${total} of ${height} × ${width}, up to ±${decimal(largest, 2)})`,
  )
  const caption = [sentence`The first layers of ${enumeration(each)}; the number of each filter below it.`]
  return { type: 'figure', id: 'filters', rank: offPaper, caption, panels }
}

function mapProse({ title, layer, dimensions, indices, labels, predicted }: MapRecord): Sentence {
  const wrong = labels.filter((label, i) => label !== predicted[i]).length
  const mistakes =
    wrong === 0
      ? phrase`mistakes would lie (this sample has none)`
      : phrase`the ${counted(wrong, 'mistake')} of this sample ${wrong === 1 ? 'lies' : 'lie'}`
  return sentence`${reference('hidden-map')} lays ${counted(indices.length, 'test image')} out by the ${integer(dimensions)} numbers of ${layer}, by which ${title} describes an image before its output layer: classes that form islands of their own are told apart with ease; where two run into each other, there ${mistakes}.`
}

function mapFigure(map: MapRecord, classNames: readonly string[], dom: Document): Block {
  const [first, second] = map.pca.explained
  const panel = (name: 'pca' | 'umap', heading: string): Panel => {
    const title = `${map.title}: ${map.layer} by ${heading}`
    const description = `${counted(map.indices.length, 'test image')} of ${counted(classNames.length, 'class', 'classes')}, near each other where the network describes them alike.`
    const frame: MapFrame = { title, description, heading, classNames, width: 470, height: 430 }
    const svg = drawHiddenMap(dom, mapPoints(map, map[name].places, frame), frame)
    return { type: 'plot', name: `hidden-map-${name}`, title, svg }
  }
  const caption = [
    sentence`The same images by principal components, whose distances are true as far as they go (${percent(first + second, 0)} of the variance), and by UMAP (McInnes and others, 2018), which keeps neighbors together and tells nothing by the distance between islands.`,
    sentence`Mistakes have a ring.`,
  ]
  const panels = [
    panel('pca', `Principal components: ${percent(first, 0)} and ${percent(second, 0)} of the variance`),
    panel('umap', `UMAP: ${map.umap.neighbors} neighbors`),
  ]
  return { type: 'figure', id: 'hidden-map', rank: offPaper, caption, panels }
}

function layersProse({ networks, sample }: InsightRecord): Prose {
  const rectified = networks.flatMap(({ title, layers }) =>
    layers.filter(({ kind }) => kind === 'dense' || kind === 'conv2d').map((layer) => ({ ...layer, title })),
  )
  const dead = rectified.filter((layer) => layer.dead > 0)
  const named = dead.map(
    ({ title, name, dead, units }) => `${integer(dead)} of ${integer(units)} in ${name} of ${title}`,
  )
  const first = reference(`layers-${networks[0].name}`)
  const last = reference(`layers-${networks[networks.length - 1].name}`)
  const tables =
    networks.length === 1
      ? phrase`${first} says`
      : phrase`${first} ${networks.length === 2 ? 'and' : 'to'} ${last} say`
  return prose(
    sentence`${tables} what each layer gave for the ${counted(sample, 'test image')} of the sample, and how long the gradient of the loss by its weights is: lengths of one order of magnitude mean that all layers still learn, lengths that shrink towards the input would mean that the first ones do not.`,
    dead.length === 0
      ? sentence`No unit is dead: each one answers to some image.`
      : sentence`Dead are the units that give zero for every image and so can learn nothing more: ${enumeration(named)}.`,
  )
}

function layerTable({ name, title, layers }: NetworkInsight, sample: number): Block {
  const table: Table = {
    columns: [
      column.text('Layer'),
      column.text('Gives'),
      column.number('Mean', { type: 'decimal', digits: 3 }),
      column.number('Spread', { type: 'decimal', digits: 3 }),
      column.number('Zeros', { type: 'percent', digits: 1 }),
      column.number('Dead units', { type: 'text' }),
      column.number('Gradient', { type: 'text' }),
    ],
    rows: layers.map(({ name, shape, mean, spread, zeros, dead, units, gradient }) => [
      name,
      shape.join(' × '),
      mean,
      spread,
      zeros,
      `${integer(dead)} of ${integer(units)}`,
      gradient === null ? null : gradient.toPrecision(3),
    ]),
  }
  const caption = [
    sentence`${title}: what its layers gave for ${counted(sample, 'test image')}: mean and standard deviation of the values, the share that is exactly zero, the units (channels of an image) that never gave anything else, and the length of the loss’s gradient by the layer’s kernel.`,
    sentence`The output is taken before its softmax.`,
  ]
  return { type: 'table', id: `layers-${name}`, rank: offPaper, caption, table }
}
