import type { TrainedModel } from '../recognition/trained-model.ts'

interface Size {
  readonly width: number
  readonly height: number
  readonly channels: number
}

/** What pictures must look like for a network: the way in which its training data were made, as data. */
export type PictureForm =
  /** One item, bright on black: cut out, its longer side scaled to `longest` pixels, then centered. */
  | (Size & {
      readonly kind: 'item'
      readonly longest: number
      /** The middle of its box, or its center of mass. */
      readonly center: 'box' | 'mass'
    })
  /** The whole picture, stretched to the size, as folders of pictures are read. */
  | (Size & { readonly kind: 'whole' })

/**
 * The form for a network, by the data that it was trained on. Fashion-MNIST: the longer side fills the image (Xiao et al.
 * 2017, "Fashion-MNIST", §2). MNIST: 20 of 28 pixels, the center of mass in the middle (LeCun et al. 1998).
 */
export function formFor({
  imageShape,
  source = '',
}: Pick<TrainedModel, 'imageShape' | 'source'>): PictureForm {
  const [height, width, channels] = imageShape
  const size = { width, height, channels }
  if (channels !== 1 || source.startsWith('folder:')) return { kind: 'whole', ...size }
  const shorter = Math.min(width, height)
  if (source === 'mnist')
    return { kind: 'item', ...size, longest: Math.round((20 * shorter) / 28), center: 'mass' }
  return { kind: 'item', ...size, longest: shorter, center: 'box' }
}
