/** How a record stands, with a mark that is not told by color alone. */
export function Status({ status }: { readonly status: string }) {
  return (
    <span class={`status ${status}`}>
      <span class="mark" aria-hidden="true" /> {status}
    </span>
  )
}
