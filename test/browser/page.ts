/** Starts a worker and tells the test what comes of it. */
const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
const tell = (outcome: unknown) => fetch('/outcome', { method: 'POST', body: JSON.stringify(outcome) })
worker.onerror = ({ message }) => tell({ error: message })
worker.onmessage = ({ data }) => tell(data)
