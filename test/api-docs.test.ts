import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { apiPages, folder } from '../scripts/api-docs.mjs'

describe('the pages of the library, which are built from the sources', () => {
  const pages = apiPages()

  test('are current; `npm run docs` makes them so', () => {
    expect(readdirSync(folder).sort()).toEqual([...pages.keys()].sort())
    for (const [name, text] of pages) expect(readFileSync(`${folder}/${name}`, 'utf8')).toBe(text)
  })

  test('say a sentence of everything that the package exports', () => {
    const silent = [...pages].flatMap(([name, text]) => {
      const entries = text.split(/^## /m).slice(1)
      const mute = entries.filter((entry) => /^\S+\n\n```/.test(entry) && !/ · not exported/.test(entry))
      return name === 'README.md' ? [] : mute.map((entry) => `${name}: ${entry.split('\n')[0]}`)
    })
    expect(silent).toEqual([])
  })

  test('speak of byte arrays, not of what only Node has', () => {
    expect([...pages.values()].join('\n')).not.toMatch(/\bBuffer\b|\bNodeJS\b/)
  })

  test('lead nowhere that is not there', () => {
    const anchors = new Set<string>()
    for (const [name, text] of pages) {
      const seen = new Map<string, number>()
      for (const [, heading] of text.matchAll(/^## (\w+)$/gm)) {
        const word = heading.toLowerCase()
        const count = seen.get(word) ?? 0
        anchors.add(`${name}#${count === 0 ? word : `${word}-${count}`}`)
        seen.set(word, count + 1)
      }
    }
    for (const [name, text] of pages) {
      for (const [, page, anchor] of text.matchAll(/\]\(([\w.]*)#([\w-]+)\)/g)) {
        expect(anchors).toContain(`${page || name}#${anchor}`)
      }
    }
  })
})
