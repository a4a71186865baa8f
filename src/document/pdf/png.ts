import type { Picture } from './writer.ts'

/** A PNG as a document can hold it without unpacking: gray or colored, eight bits, no alpha; undefined where it is not. */
export function readPng(name: string, bytes: Buffer): Picture | undefined {
  const data: Buffer[] = []
  let header: Buffer | undefined
  for (let at = 8; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at)
    const kind = bytes.toString('latin1', at + 4, at + 8)
    const inside = bytes.subarray(at + 8, at + 8 + length)
    if (kind === 'IHDR') header = inside
    if (kind === 'IDAT') data.push(inside)
    at += 12 + length
  }
  if (header === undefined) return undefined
  const [depth, color, , , interlaced] = header.subarray(8)
  const channels = ({ 0: 1, 2: 3 } as const)[color]
  if (depth !== 8 || channels === undefined || interlaced !== 0) return undefined
  return {
    name,
    width: header.readUInt32BE(0),
    height: header.readUInt32BE(4),
    channels,
    data: Buffer.concat(data),
  }
}
