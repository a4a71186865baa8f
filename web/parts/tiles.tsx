import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { tileCorner } from '../../src/visualization/sprite.ts'

/** Many images in one, as the server sends them. */
export interface SpriteRecord {
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly columns: number
  /** A PNG as a data address. */
  readonly sprite: string
}

interface TilesProps {
  readonly sprite: SpriteRecord
  readonly label: string
  /** One for each image, in their order. */
  readonly children: readonly ComponentChildren[]
  /** How wide an image is shown. */
  readonly size?: 'small' | 'large'
}

/** Images of a sprite, each with what is said of it below. */
export function Tiles({ sprite, label, children, size = 'large' }: TilesProps) {
  const id = useId()
  const { width, height, columns } = sprite
  const rows = Math.ceil(children.length / columns)
  return (
    <>
      <svg class="unseen" aria-hidden="true">
        <defs>
          <image class="sprite" id={id} href={sprite.sprite} width={columns * width} height={rows * height} />
        </defs>
      </svg>
      <ul class={`tiles ${size}`} aria-label={label}>
        {children.map((said, i) => {
          const { x, y } = tileCorner({ columns, tile: { width, height } }, i)
          return (
            <li key={i}>
              <svg viewBox={`${x} ${y} ${width} ${height}`} aria-hidden="true">
                <use href={`#${id}`} />
              </svg>
              {said}
            </li>
          )
        })}
      </ul>
    </>
  )
}
