let tip: HTMLElement | undefined

function theTip(): HTMLElement {
  if (tip !== undefined) return tip
  tip = document.createElement('div')
  tip.className = 'tip'
  tip.setAttribute('aria-hidden', 'true')
  document.body.append(tip)
  addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') hideTip()
  })
  return tip
}

/** The text that a drawing keeps for a point: the title of the mark there, kept aside so that the browser shows none. */
function textAt(target: EventTarget | null): string {
  if (!(target instanceof SVGElement)) return ''
  const mark = target.closest<SVGElement>('[data-tip]')
  if (mark !== null) return mark.dataset.tip ?? ''
  const own = [...target.children].find((child) => child.localName === 'title')
  if (own === undefined || target.localName === 'svg') return ''
  target.dataset.tip = own.textContent ?? ''
  target.setAttribute('aria-label', target.dataset.tip)
  own.remove()
  return target.dataset.tip
}

/** Shows what the mark under the pointer says of itself. */
export function showTip({ target, clientX, clientY }: PointerEvent): void {
  const text = textAt(target)
  if (text === '') {
    hideTip()
    return
  }
  const box = theTip()
  box.textContent = text
  box.hidden = false
  const { width, height } = box.getBoundingClientRect()
  box.style.left = `${Math.max(4, Math.min(innerWidth - width - 4, clientX + 12))}px`
  box.style.top = `${Math.max(4, clientY - height - 10)}px`
}

/** Takes the tip away. */
export function hideTip(): void {
  if (tip !== undefined) tip.hidden = true
}
