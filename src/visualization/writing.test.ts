import { describe, expect, test } from 'vitest'
import { counted, decimal, duration, ellipsis, enumeration, integer, percent, signed } from './format.ts'
import { html, raw } from './html.ts'
import { column, escapeMarkdown, markdownCode, type Table, tableHtml, tableMarkdown } from './table.ts'
import { dark, inkStep, light, resolveVariables, type Theme, themeVariables } from './theme.ts'

describe('numbers', () => {
  test('are grouped, signed with a true minus, and never depend on the locale', () => {
    expect(integer(1_234_567)).toBe('1,234,567')
    expect(decimal(-1234.5678, 2)).toBe('−1,234.57')
    expect([signed(4.791, 2), signed(-0.2, 2)]).toEqual(['+4.79', '−0.20'])
    expect(percent(0.9038, 2)).toBe('90.38\u00a0%')
  })
  test('times and counts read as people say them', () => {
    const times = [0.84, 59.7, 60, 185, 7830].map((s) => duration(s).replaceAll('\u00a0', ' '))
    expect(times).toEqual(['0.8 s', '1 min', '1 min', '3 min 5 s', '2 h 10 min'])
    expect([counted(1, 'epoch'), counted(12, 'epoch')]).toEqual(['1 epoch', '12 epochs'])
    expect(enumeration(['a', 'b', 'c'])).toBe('a, b and c')
    expect(ellipsis('Ankle boot', 6)).toBe('Ankle…')
  })
})

describe('HTML', () => {
  test('values are escaped, in contents and in attributes; HTML and lists pass', () => {
    const name = `<b>"Tom" & 'Jerry'</b>`
    expect(html`<i title="${name}">${[name, raw('<br>')]}${null}</i>`.html).toBe(
      '<i title="&lt;b&gt;&quot;Tom&quot; &amp; &#39;Jerry&#39;&lt;/b&gt;">&lt;b&gt;&quot;Tom&quot; &amp; &#39;Jerry&#39;&lt;/b&gt;<br></i>',
    )
  })
})

describe('tables', () => {
  const table: Table = {
    columns: [column.text('Network'), column.number('Accuracy', { type: 'percent', digits: 1 })],
    rows: [
      ['a|b <x>', 0.9],
      ['c', null],
      ['d', Number.NaN],
    ],
    highlight: 0,
  }
  test('become HTML with row and column headers', () => {
    const { html: markup } = tableHtml(table)
    expect(markup).toContain('<th scope="col" class="right">Accuracy</th>')
    expect(markup).toContain('<tr class="highlight"><th scope="row" class="left short">a|b &lt;x&gt;</th>')
    expect(markup).toContain('<td class="right">–</td>')
  })
  test('become Markdown in which no value breaks the table', () => {
    expect(tableMarkdown(table).split('\n')).toEqual([
      '| Network | Accuracy |',
      '| --- | ---: |',
      '| **a\\|b \\<x\\>** | **90.0\u00a0%** |',
      '| c | – |',
      '| d | not a number |',
    ])
  })
  test('text and code for Markdown are taken literally', () => {
    expect(escapeMarkdown('a*b_[c]\n`d`')).toBe('a\\*b\\_\\[c\\] \\`d\\`')
    expect(markdownCode('a `b` c')).toBe('``a `b` c``')
  })
})

/** Relative luminance and contrast as WCAG 2 has them. */
function contrast(a: string, b: string): number {
  const luminance = (hex: string) => {
    const [r, g, blue] = [1, 3, 5].map((i) => {
      const v = Number.parseInt(hex.slice(i, i + 2), 16) / 255
      return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue
  }
  const [x, y] = [luminance(a), luminance(b)]
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05)
}

describe.each<[string, Theme]>([
  ['light', light],
  ['dark', dark],
])('the %s theme', (_name, theme) => {
  test('every text can be read: 4.5 to 1', () => {
    for (const color of [theme.ink, theme.muted, theme.accent, ...theme.series]) {
      expect(contrast(color, theme.paper)).toBeGreaterThanOrEqual(4.5)
    }
    expect(contrast(theme.ink, theme.wash)).toBeGreaterThanOrEqual(4.5)
    for (const ramp of [theme.hit, theme.miss]) {
      ramp.forEach((step, i) => {
        expect(contrast(step, i < inkStep ? theme.ink : theme.inkReversed)).toBeGreaterThanOrEqual(4.5)
      })
    }
  })
  test('has every variable that the other has', () => {
    expect(themeVariables(theme).map(([name]) => name)).toEqual(themeVariables(light).map(([name]) => name))
  })
})

test('a drawing can be given its colors for good', () => {
  expect(resolveVariables('fill="var(--series-3)" stroke="var(--paper)"', light)).toBe(
    `fill="${light.series[3]}" stroke="${light.paper}"`,
  )
})
