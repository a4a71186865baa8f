/** A piece of HTML that is safe to put on a page as it is. */
export interface Html {
  readonly html: string
}

type Value = string | number | Html | readonly Value[] | null | undefined | false

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as HTML, fit for contents and for quoted attributes. */
export const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (c) => entities[c])

/** Declares a string to be HTML already: for what a serializer made. */
export const raw = (html: string): Html => ({ html })

/** A template whose values are escaped, except those that are HTML; lists are joined, nothing is written for null. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return raw(parts.reduce((text, part, i) => text + markup(values[i - 1]) + part))
}

function markup(value: Value): string {
  if (value === null || value === undefined || value === false) return ''
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value))
  return 'html' in value ? value.html : value.map(markup).join('')
}
