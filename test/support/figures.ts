import { describe, expect, test } from 'vitest'
import { standalone } from '../../src/document/to-markdown.ts'
import { serialize } from '../../src/visualization/serialize.ts'
import { serverDocument } from '../../src/visualization/server.ts'

/** The figures that a module draws: its functions `draw…`. */
export type FigureOf<Module> = Extract<keyof Module, `draw${string}`>

/** Pictures of figures by their names in docs/gallery/. */
export type Pictures = Readonly<Record<string, (document: Document) => SVGSVGElement>>

/** Texts that every case gives its figure. */
export const texts = { title: 'A title with <b>, & and "quotes"', description: 'What one sees.' }

/** What every figure promises; its pictures are kept, so that a change in looks is seen in review. */
export function describeFigures(cases: Readonly<Record<string, Pictures>>) {
  describe.each(Object.values(cases).flatMap((pictures) => Object.entries(pictures)))(
    'the figure %s',
    (name, draw) => {
      const svg = draw(serverDocument())
      test('has a role, a name and a description', () => {
        expect(svg.getAttribute('role')).toBe('img')
        expect(svg.getAttribute('aria-label')).toBe(texts.title)
        expect(svg.querySelector('title')?.textContent).toBe(texts.title)
        expect(svg.querySelector('desc')?.textContent).toBe(texts.description)
      })
      test('may stand beside others on one page: no id, no clip, nothing from outside', () => {
        const markup = serialize(svg)
        expect(markup).not.toMatch(/\sid="|url\(|NaN|undefined|Infinity/)
        expect(markup.replaceAll('http://www.w3.org/', '')).not.toMatch(/https?:/)
      })
      test('looks as it did', async () => {
        expect(serialize(draw(serverDocument()))).toBe(serialize(svg))
        const picture = new URL(`../../docs/gallery/${name}.svg`, import.meta.url).pathname
        await expect(`${standalone(svg)}\n`).toMatchFileSnapshot(picture)
      })
    },
  )
}
