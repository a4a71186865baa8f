import { inflateSync } from 'node:zlib'

/** The tables of a font by their four-letter names. */
export type FontTables = ReadonlyMap<string, Buffer>

/** Unpacks a WOFF file: a directory of tables, each deflated by itself (W3C, "WOFF File Format 1.0"). */
export function readWoff(file: Buffer): FontTables {
  if (file.toString('latin1', 0, 4) !== 'wOFF') throw new Error('This is no WOFF file.')
  const count = file.readUInt16BE(12)
  return new Map(
    Array.from({ length: count }, (_, i): [string, Buffer] => {
      const entry = 44 + 20 * i
      const [offset, packed, length] = [4, 8, 12].map((at) => file.readUInt32BE(entry + at))
      const bytes = file.subarray(offset, offset + packed)
      return [file.toString('latin1', entry, entry + 4), packed < length ? inflateSync(bytes) : bytes]
    }),
  )
}

const checksum = (bytes: Buffer): number => {
  let sum = 0
  for (let i = 0; i + 4 <= bytes.length; i += 4) sum = (sum + bytes.readUInt32BE(i)) >>> 0
  return sum
}

/** The same tables as a TrueType file. */
export function writeTrueType(tables: FontTables): Buffer {
  const sorted = [...tables].sort(([a], [b]) => (a < b ? -1 : 1))
  const power = 2 ** Math.floor(Math.log2(sorted.length))
  const directory = Buffer.alloc(12 + 16 * sorted.length)
  directory.writeUInt32BE(0x00010000, 0)
  const search = [sorted.length, power * 16, Math.log2(power), (sorted.length - power) * 16]
  search.forEach((value, i) => {
    directory.writeUInt16BE(value, 4 + 2 * i)
  })
  const parts = [directory]
  let offset = directory.length
  sorted.forEach(([name, bytes], i) => {
    const padded = Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)])
    directory.write(name, 12 + 16 * i, 'latin1')
    const entry = [checksum(padded), offset, bytes.length]
    entry.forEach((value, k) => {
      directory.writeUInt32BE(value, 12 + 16 * i + 4 + 4 * k)
    })
    parts.push(padded)
    offset += padded.length
  })
  return Buffer.concat(parts)
}
