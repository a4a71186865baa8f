import type { PictureForm, WholeForm } from './form.ts'
import type { Size } from './picture.ts'

/** A picture of so many pixels is small: it is decoded as it is, and all that follows is our own arithmetic. */
const SMALL = 256 * 256
/** Pixels in which an item is looked for: far more than a network sees, and few enough to be quick. */
const ITEM = 3 * SMALL
/** Pixels of the decoder that become one of the form, along each side: what is averaged then, is averaged by us. */
const SPARE = 2

/** The size to which the whole picture comes in a form, between pixels. */
export function fitted({ width, height }: Size, form: WholeForm): Size {
  if (form.fit === 'fill') return { width: form.width, height: form.height }
  const scales = [form.width / width, form.height / height]
  const scale = form.fit === 'contain' ? Math.min(...scales) : Math.max(...scales)
  return { width: scale * width, height: scale * height }
}

/**
 * The size at which a picture is decoded for a form: each side is shrunk no further than the form needs, so that a strip
 * keeps its width, and what is decoded stays bounded. Without a form, as if an item were looked for.
 */
export function decodedSize(size: Size, form?: PictureForm): Size {
  const { width, height } = size
  if (width * height <= SMALL) return size
  if (form?.kind === 'whole') {
    const needed = fitted(size, form)
    return {
      width: Math.min(width, Math.ceil(SPARE * needed.width)),
      height: Math.min(height, Math.ceil(SPARE * needed.height)),
    }
  }
  const most = Math.max(ITEM, form === undefined ? 0 : (4 * SPARE) ** 2 * form.width * form.height)
  const scale = Math.min(1, Math.sqrt(most / (width * height)))
  return { width: Math.max(1, Math.round(scale * width)), height: Math.max(1, Math.round(scale * height)) }
}
