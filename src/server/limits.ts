import { defaultDecodingLimits } from '../pictures/decode-picture.ts'

/** What a server takes on at most. Whatever is beyond is refused with 413, 429 or 503, and costs next to nothing. */
export interface Limits {
  /** Of a request's body. */
  readonly bytes: number
  /** Of one picture, as its header says, before it is unpacked. */
  readonly pixels: number
  /** Bytes that decoding pictures takes, of all that are decoded at once. */
  readonly memory: number
  /** Pictures in one request. */
  readonly pictures: number
  /** Seconds that one answer may take, waiting included. */
  readonly seconds: number
  /** Requests that are worked on at once. */
  readonly concurrency: number
  /** Requests that wait beyond those; more are told to come again. */
  readonly queue: number
  /** Live streams at once. */
  readonly streams: number
  /** Requests a second and address, averaged over ten seconds; 0: any number. */
  readonly rate: number
}

/** For a machine of one's own. */
export const defaultLimits: Limits = {
  bytes: 16 * 2 ** 20,
  pixels: defaultDecodingLimits.pixels,
  memory: defaultDecodingLimits.memory,
  pictures: 256,
  seconds: 30,
  concurrency: 64,
  queue: 512,
  streams: 64,
  rate: 0,
}
