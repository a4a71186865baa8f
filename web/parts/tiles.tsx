import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import type { SpriteRecord } from '../../src/catalog/answers.ts'
import { tileCorner } from '../../src/visualization/sprite.ts'

/** A sprite that `Tile`s with this id show parts of. */
function Sprite({
  id,
  sprite,
  count,
}: {
  readonly id: string
  readonly sprite: SpriteRecord
  readonly count: number
}) {
  const { width, height, columns } = sprite
  const rows = Math.ceil(count / columns)
  return (
    <svg class="visually-hidden" aria-hidden="true">
      <defs>
        <image class="sprite" id={id} href={sprite.sprite} width={columns * width} height={rows * height} />
      </defs>
    </svg>
  )
}

/** The i-th image of a sprite. */
function Tile({ id, sprite, i }: { readonly id: string; readonly sprite: SpriteRecord; readonly i: number }) {
  const { width, height, columns } = sprite
  const { x, y } = tileCorner({ columns, tile: { width, height } }, i)
  return (
    <svg viewBox={`${x} ${y} ${width} ${height}`} aria-hidden="true">
      <use href={`#${id}`} />
    </svg>
  )
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
  return (
    <>
      <Sprite id={id} sprite={sprite} count={children.length} />
      <ul class={`tiles ${size}`} aria-label={label}>
        {children.map((said, i) => (
          <li key={i}>
            <Tile id={id} sprite={sprite} i={i} />
            {said}
          </li>
        ))}
      </ul>
    </>
  )
}

interface GroupTilesProps {
  readonly sprite: SpriteRecord
  readonly label: string
  /** How many images of the sprite belong together, one group after another, and what is said of them. */
  readonly groups: readonly { readonly size: number; readonly said: ComponentChildren }[]
}

/** Images that belong together side by side. */
export function GroupTiles({ sprite, label, groups }: GroupTilesProps) {
  const id = useId()
  const ends: number[] = []
  for (const { size } of groups) ends.push((ends.at(-1) ?? 0) + size)
  return (
    <>
      <Sprite id={id} sprite={sprite} count={ends.at(-1) ?? 0} />
      <ul class="tiles groups" aria-label={label}>
        {groups.map(({ size, said }, g) => (
          <li key={ends[g]}>
            <div class="together">
              {Array.from({ length: size }, (_, i) => (
                <Tile key={i} id={id} sprite={sprite} i={ends[g] - size + i} />
              ))}
            </div>
            {said}
          </li>
        ))}
      </ul>
    </>
  )
}
