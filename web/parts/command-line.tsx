import { useState } from 'preact/hooks'

/** A line to be copied into a terminal, or another text that is worth keeping. */
export function CommandLine({ text, label }: { readonly text: string; readonly label: string }) {
  const [said, setSaid] = useState('')
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setSaid('Copied'),
      () => setSaid('Select the text to copy it'),
    )
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is filled in
    <div class="command" role="group" aria-label={label}>
      <pre>
        <code>{text}</code>
      </pre>
      <button type="button" class="quiet" onClick={copy} onBlur={() => setSaid('')}>
        {said === 'Copied' ? said : 'Copy'}
        <span class="visually-hidden"> {label}</span>
      </button>
      <span role="status" class={said === 'Copied' ? 'visually-hidden' : 'hint'}>
        {said}
      </span>
    </div>
  )
}
