import { Problem } from './problem.ts'

/** A file of a form. */
export interface Part {
  readonly name: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** Looks for the parts of a multipart form in a body while it comes. */
export interface PartScanner {
  /** Looks at the first `length` bytes of the body, of which it may have seen the beginning. Throws 413 where there are too many parts. */
  scan(bytes: Uint8Array<ArrayBuffer>, length: number): void
  /** The files, once all bytes have been seen: views of the body. Throws 400 where it is no whole form. */
  files(bytes: Uint8Array<ArrayBuffer>): Part[]
}

/** Fields without a file that a form may have beside its files. */
const FIELDS = 16
/** Of the lines that stand before a part's bytes. */
const MOST_HEAD = 8192

const hint = 'With curl: -F image=@picture.png'
const unreadable = () => new Problem(400, 'The multipart form cannot be read.', { hint })

/** A scanner for a form of at most so many files (RFC 7578, RFC 2046 §5.1.1). */
export function partScanner(contentType: string, most: number): PartScanner {
  const first = `--${boundaryOf(contentType)}`
  const delimiter = `\r\n${first}`
  const tooMany = () => new Problem(413, `A request may have at most ${most} pictures.`)
  const parts: { readonly start: number; readonly end: number }[] = []
  /** Where the part begins whose end is looked for: behind its delimiter. */
  let start: number | undefined
  /** Where its end may be. */
  let from = 0
  let isWhole = false

  const scan: PartScanner['scan'] = (bytes, length) => {
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, length)
    if (start === undefined) {
      if (length < first.length) return
      if (view.toString('latin1', 0, first.length) !== first) throw unreadable()
      start = from = first.length
    }
    while (!isWhole && length >= start + 2) {
      isWhole = view.toString('latin1', start, start + 2) === '--'
      if (isWhole) return
      const end = view.indexOf(delimiter, from, 'latin1')
      // The bytes to come may complete a delimiter.
      if (end < 0) from = Math.max(start, length - delimiter.length + 1)
      if (end < 0) return
      parts.push({ start, end })
      if (parts.length > most + FIELDS) throw tooMany()
      start = from = end + delimiter.length
    }
  }

  return {
    scan,
    files(bytes) {
      scan(bytes, bytes.length)
      if (!isWhole) throw unreadable()
      const files = parts.flatMap(({ start, end }) => fileOf(bytes.subarray(start, end)) ?? [])
      if (files.length === 0) throw new Problem(400, 'The form holds no file.', { hint })
      if (files.length > most) throw tooMany()
      return files
    },
  }
}

function boundaryOf(contentType: string): string {
  const [, quoted, token] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ?? []
  const boundary = quoted ?? token
  if (boundary === undefined) throw unreadable()
  return boundary
}

/** The file that a part holds; undefined where it is a field without a file's name. */
function fileOf(part: Uint8Array<ArrayBuffer>): Part | undefined {
  const view = Buffer.from(part.buffer, part.byteOffset, Math.min(part.length, MOST_HEAD))
  const end = view.indexOf('\r\n\r\n')
  const head = end < 0 ? '' : view.toString('utf8', 0, end)
  const disposition = /^content-disposition:[ \t]*form-data\b(.*)$/im.exec(head)?.[1]
  if (disposition === undefined) throw unreadable()
  const name = /;\s*filename=(?:"((?:\\"|[^"])*)"|([^\s;"]*))/i.exec(disposition)
  return name === null ? undefined : { name: unescaped(name[1] ?? name[2]), bytes: part.subarray(end + 4) }
}

/** A file's name as browsers and curl escape it. */
const unescaped = (name: string) =>
  name
    .replace(/%22|\\"/g, '"')
    .replace(/%0D/gi, '\r')
    .replace(/%0A/gi, '\n')
