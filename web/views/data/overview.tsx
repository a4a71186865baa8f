import { useMemo } from 'preact/hooks'
import type { DatasetAnswer } from '../../../src/catalog/answers.ts'
import {
  classCountRows,
  distributionHeight,
  drawClassDistribution,
} from '../../../src/visualization/class-distribution.ts'
import { decimal, integer } from '../../../src/visualization/format.ts'
import { drawPixelHistogram, pixelBins } from '../../../src/visualization/pixel-histogram.ts'
import { hrefOf } from '../../base/router.ts'
import { Drawn } from '../../parts/drawn.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Tiles } from '../../parts/tiles.tsx'

/** What is in a dataset, at a glance. */
export function Overview({ data }: { readonly data: DatasetAnswer }) {
  const { id, classes, range, balance, meanImages } = data
  return (
    <>
      <Facts
        facts={[
          ['Source', <code key="source">{data.source}</code>],
          [
            'Size',
            `${data.width} × ${data.height} pixels${data.channels === 1 ? ', gray' : `, ${data.channels} channels`}`,
          ],
          [
            'Pixel values',
            `${integer(255 * range.min)} to ${integer(255 * range.max)}, mean ${decimal(255 * range.mean, 1)}, standard deviation ${decimal(255 * range.std, 1)}`,
          ],
          ['Balance', balance.verdict],
          ['Content', <code key="hash">{data.hash.slice(0, 16)}</code>],
        ]}
      />
      <section aria-labelledby="means">
        <h2 id="means">The mean image of each class</h2>
        <Tiles sprite={meanImages} label="Mean images">
          {classes.map(({ name, label }) => (
            <p key={label}>
              <a href={hrefOf('data', { set: id, part: 'images', class: String(label) })}>{name}</a>
            </p>
          ))}
        </Tiles>
      </section>
      <section aria-labelledby="classes">
        <h2 id="classes">Images of each class</h2>
        <div class="pair">
          <Distribution data={data} split="train" heading="Training images" />
          <Distribution data={data} split="test" heading="Test images" />
        </div>
      </section>
      <section aria-labelledby="values">
        <h2 id="values">How bright the pixels are</h2>
        <Histogram data={data} />
      </section>
    </>
  )
}

interface DistributionProps {
  readonly data: DatasetAnswer
  readonly split: 'train' | 'test'
  readonly heading: string
}

function Distribution({ data: { classes }, split, heading }: DistributionProps) {
  const height = distributionHeight(classes.length)
  const draw = useMemo(() => {
    const names = classes.map(({ name }) => name)
    const rows = classCountRows(names, { [split]: classes.map((each) => each[split]) })
    return (document: Document, width: number) =>
      drawClassDistribution(document, rows, {
        title: heading,
        description: classes.map((each) => `${each.name}: ${each[split]}`).join('; '),
        heading,
        width: Math.min(560, width),
        height,
      })
  }, [classes, split, heading, height])
  return <Drawn draw={draw} height={height} />
}

function Histogram({ data: { histogram } }: { readonly data: DatasetAnswer }) {
  const draw = useMemo(
    () => (document: Document, width: number) =>
      drawPixelHistogram(document, pixelBins(histogram), {
        title: 'How bright the pixels are',
        description:
          'The share of the pixels of all training images that have each value, from black to white.',
        width: Math.min(760, width),
        height: 260,
      }),
    [histogram],
  )
  return <Drawn draw={draw} height={260} />
}
