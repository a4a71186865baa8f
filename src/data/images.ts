/** Images of one size, 8 bits a channel: pixel bytes of shape [count, height, width, channels]. */
export interface Images {
  readonly count: number
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly pixels: Uint8Array
}

/** Images with one class number each: labels of shape [count], below the number of classes. */
export interface LabelledImages extends Images {
  readonly labels: Uint8Array
}
