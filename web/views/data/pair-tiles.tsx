import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { tileCorner } from '../../../src/visualization/sprite.ts'
import type { SpriteRecord } from '../../parts/tiles.tsx'

interface PairTilesProps {
  readonly sprite: SpriteRecord
  readonly label: string
  /** How many images of the sprite belong together, one group after another, and what is said of them. */
  readonly groups: readonly { readonly size: number; readonly said: ComponentChildren }[]
}

/** Images that belong together side by side. */
export function PairTiles({ sprite, label, groups }: PairTilesProps) {
  const id = useId()
  const { width, height, columns } = sprite
  const count = groups.reduce((sum, { size }) => sum + size, 0)
  let next = 0
  return (
    <>
      <svg class="unseen" aria-hidden="true">
        <defs>
          <image
            class="sprite"
            id={id}
            href={sprite.sprite}
            width={columns * width}
            height={Math.ceil(count / columns) * height}
          />
        </defs>
      </svg>
      <ul class="tiles groups" aria-label={label}>
        {groups.map(({ size, said }) => {
          const from = next
          next += size
          return (
            <li key={from}>
              <div class="together">
                {Array.from({ length: size }, (_, i) => {
                  const { x, y } = tileCorner({ columns, tile: { width, height } }, from + i)
                  return (
                    <svg key={from + i} viewBox={`${x} ${y} ${width} ${height}`} aria-hidden="true">
                      <use href={`#${id}`} />
                    </svg>
                  )
                })}
              </div>
              {said}
            </li>
          )
        })}
      </ul>
    </>
  )
}
