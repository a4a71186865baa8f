import { escapeHtml } from './html.ts'

/**
 * A drawing as text that is well-formed both as XML and within HTML. (`outerHTML` leaves < in attributes, which XML
 * does not allow, and a title may hold any name.)
 */
export function serialize(element: Element): string {
  const attributes = [...element.attributes]
    .map(({ name, value }) => ` ${name}="${escapeHtml(value)}"`)
    .join('')
  const inside = [...element.childNodes].map(nodeText).join('')
  return `<${element.localName}${attributes}>${inside}</${element.localName}>`
}

const ELEMENT = 1
const TEXT = 3

function nodeText(node: Node): string {
  if (node.nodeType === ELEMENT) return serialize(node as Element)
  return node.nodeType === TEXT ? escapeHtml(node.textContent ?? '') : ''
}
