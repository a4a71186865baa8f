import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { type Canvas, number } from './canvas.ts'
import type { Face } from './face.ts'
import type { Fonts } from './fonts.ts'

/** A picture as a document holds it: the compressed rows of a PNG, which PDF reads as they are. */
export interface Picture {
  readonly name: string
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly data: Buffer
}

/** What a document says of itself. */
export interface About {
  readonly title: string
  readonly subject: string
}

/** Where a heading stands, for the reader's table of contents. */
export interface Bookmark {
  readonly title: string
  readonly page: number
  /** From the top, in points. */
  readonly y: number
}

export interface DocumentParts {
  readonly about: About
  readonly size: { readonly width: number; readonly height: number }
  readonly pages: readonly Canvas[]
  readonly bookmarks: readonly Bookmark[]
  readonly fonts: Fonts
  readonly pictures: readonly Picture[]
}

/** Objects by number, in the order in which they were reserved. */
function objectStore() {
  const bodies: Buffer[] = []
  const store = {
    reserve: () => bodies.push(Buffer.alloc(0)),
    set(id: number, body: string | Buffer) {
      bodies[id - 1] = Buffer.from(body)
    },
    add(body: string | Buffer) {
      const id = store.reserve()
      store.set(id, body)
      return id
    },
    stream: (entries: string, data: Buffer) =>
      store.add(
        Buffer.concat([
          Buffer.from(`<< ${entries} /Length ${data.length} >>\nstream\n`),
          data,
          Buffer.from('\nendstream'),
        ]),
      ),
    deflated: (entries: string, data: Buffer) =>
      store.stream(`${entries} /Filter /FlateDecode`, deflateSync(data, { level: 9 })),
    bodies,
  }
  return store
}

type Store = ReturnType<typeof objectStore>

/** A document as PDF 1.7: compressed, its fonts and pictures within. */
export function writeDocument(parts: DocumentParts): Buffer {
  const store = objectStore()
  const catalog = store.reserve()
  const tree = store.reserve()
  const resources = writeResources(store, parts)
  const { width, height } = parts.size
  const pages = parts.pages.map((canvas) => {
    const content = store.deflated('', Buffer.from(canvas.content()))
    return store.add(
      `<< /Type /Page /Parent ${tree} 0 R /MediaBox [0 0 ${number(width)} ${number(height)}] /Resources ${resources} 0 R /Contents ${content} 0 R >>`,
    )
  })
  store.set(tree, `<< /Type /Pages /Count ${pages.length} /Kids [${references(pages)}] >>`)
  const outlines = writeOutlines(store, parts, pages)
  const info = store.add(writeInfo(parts.about))
  store.set(
    catalog,
    `<< /Type /Catalog /Pages ${tree} 0 R /Lang (en) /ViewerPreferences << /DisplayDocTitle true >>${outlines} >>`,
  )
  return assemble(store.bodies, catalog, info)
}

const references = (ids: readonly number[]) => ids.map((id) => `${id} 0 R`).join(' ')

/** Text outside of pages: UTF-16 with its mark. */
function textString(text: string): string {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le').swap16()
  return `<${bytes.toString('hex')}>`
}

function writeInfo({ title, subject }: About): string {
  return `<< /Title ${textString(title)} /Subject ${textString(subject)} /Producer (Atelier) >>`
}

function writeResources(store: Store, { fonts, pages, pictures }: DocumentParts): number {
  const faces = [...fonts.used()].map(
    ([face, glyphs]) => `/${face.name} ${writeFont(store, face, glyphs)} 0 R`,
  )
  const images = pictures.map((picture) => `/${picture.name} ${writePicture(store, picture)} 0 R`)
  const opacities = [...new Set(pages.flatMap((page) => [...page.opacities]))].map(
    (opacity) => `/G${Math.round(opacity * 100)} << /ca ${number(opacity)} /CA ${number(opacity)} >>`,
  )
  return store.add(
    `<< /Font << ${faces.join(' ')} >> /XObject << ${images.join(' ')} >> /ExtGState << ${opacities.join(' ')} >> >>`,
  )
}

function writePicture(store: Store, { width, height, channels, data }: Picture): number {
  const space = channels === 1 ? '/DeviceGray' : '/DeviceRGB'
  return store.stream(
    `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace ${space} /BitsPerComponent 8 /Filter /FlateDecode /DecodeParms << /Predictor 15 /Colors ${channels} /BitsPerComponent 8 /Columns ${width} >>`,
    data,
  )
}

/** A font addressed by glyph numbers, with the way back to characters for search and copying. */
function writeFont(store: Store, face: Face, glyphs: ReadonlyMap<number, string>): number {
  const sorted = [...glyphs].sort(([a], [b]) => a - b)
  const program = face.subset(glyphs.keys())
  const file = store.deflated(`/Length1 ${program.length}`, program)
  const tag = [...createHash('sha256').update(program).digest().subarray(0, 6)]
    .map((byte) => String.fromCharCode(65 + (byte % 26)))
    .join('')
  const name = `/${tag}+${face.name}`
  const { ascent, descent, box } = face.metrics
  const descriptor = store.add(
    `<< /Type /FontDescriptor /FontName ${name} /Flags 4 /FontBBox [${box.map(number).join(' ')}] /ItalicAngle ${face.name.includes('italic') ? -12 : 0} /Ascent ${number(ascent)} /Descent ${number(descent)} /CapHeight ${number(ascent)} /StemV 80 /FontFile2 ${file} 0 R >>`,
  )
  const widths = sorted.map(([glyph]) => `${glyph} [${number(face.advance(glyph))}]`).join(' ')
  const descendant = store.add(
    `<< /Type /Font /Subtype /CIDFontType2 /BaseFont ${name} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor ${descriptor} 0 R /CIDToGIDMap /Identity /DW 500 /W [${widths}] >>`,
  )
  const unicode = store.deflated('', Buffer.from(characterMap(sorted)))
  return store.add(
    `<< /Type /Font /Subtype /Type0 /BaseFont ${name} /Encoding /Identity-H /DescendantFonts [${descendant} 0 R] /ToUnicode ${unicode} 0 R >>`,
  )
}

function characterMap(glyphs: readonly (readonly [number, string])[]): string {
  const hex = (glyph: number) => glyph.toString(16).padStart(4, '0')
  const lines = glyphs.map(
    ([glyph, text]) => `<${hex(glyph)}> <${Buffer.from(text, 'utf16le').swap16().toString('hex')}>`,
  )
  const blocks: string[] = []
  for (let i = 0; i < lines.length; i += 100) {
    const block = lines.slice(i, i + 100)
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`)
  }
  return `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
${blocks.join('\n')}
endcmap
CMapName currentdict /CMap defineresource pop
end
end`
}

function writeOutlines(store: Store, { bookmarks, size }: DocumentParts, pages: readonly number[]): string {
  if (bookmarks.length === 0) return ''
  const root = store.reserve()
  const items = bookmarks.map(() => store.reserve())
  bookmarks.forEach(({ title, page, y }, i) => {
    const previous = i > 0 ? ` /Prev ${items[i - 1]} 0 R` : ''
    const next = i < items.length - 1 ? ` /Next ${items[i + 1]} 0 R` : ''
    store.set(
      items[i],
      `<< /Title ${textString(title)} /Parent ${root} 0 R${previous}${next} /Dest [${pages[page]} 0 R /XYZ null ${number(size.height - y)} null] >>`,
    )
  })
  store.set(
    root,
    `<< /Type /Outlines /First ${items[0]} 0 R /Last ${items[items.length - 1]} 0 R /Count ${items.length} >>`,
  )
  return ` /Outlines ${root} 0 R`
}

function assemble(bodies: readonly Buffer[], catalog: number, info: number): Buffer {
  const parts = [Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1')]
  let at = parts[0].length
  const places = bodies.map((body, i) => {
    const part = Buffer.concat([Buffer.from(`${i + 1} 0 obj\n`), body, Buffer.from('\nendobj\n')])
    const place = at
    parts.push(part)
    at += part.length
    return place
  })
  const rows = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')
  const id = createHash('sha256').update(Buffer.concat(parts)).digest('hex').slice(0, 32)
  const trailer = `<< /Size ${bodies.length + 1} /Root ${catalog} 0 R /Info ${info} 0 R /ID [<${id}> <${id}>] >>`
  const table = `xref\n0 ${bodies.length + 1}\n0000000000 65535 f \n${rows}trailer\n${trailer}\nstartxref\n${at}\n%%EOF\n`
  return Buffer.concat([...parts, Buffer.from(table)])
}
