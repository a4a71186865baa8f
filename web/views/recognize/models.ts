import { useEffect, useState } from 'preact/hooks'
import { training } from '../../training/client.ts'

/** A network to choose: its name in the address and for people, and how to get its bytes. */
export interface ModelChoice {
  readonly id: string
  readonly name: string
  /** The bytes of its weights file; undefined where there is none. */
  fetchBytes(): Promise<Uint8Array | undefined>
}

/** The network that comes with the page. */
export const PACKAGED = 'default'
/** The network that was trained in this page. */
export const TRAINED = 'trained'
/** A weights file from this device. */
export const FILE = 'file'

async function bytesFrom(address: string): Promise<Uint8Array | undefined> {
  const answer = await fetch(address)
  if (answer.status === 404) return undefined
  if (!answer.ok) throw new Error(`${address}: the server answered ${answer.status}.`)
  return new Uint8Array(await answer.arrayBuffer())
}

const fromServer = (id: string) => bytesFrom(`./api/models/${encodeURIComponent(id)}/file`)

interface ServerModel {
  readonly id: string
  readonly name: string
}

/** The networks of the server that gave the page. */
let listing: Promise<readonly ServerModel[]> | undefined
function serverModels(): Promise<readonly ServerModel[]> {
  listing ??= fetch('./api/models')
    .then((answer) => answer.json())
    .then(({ models }) => models)
  return listing.finally(() => {
    listing = undefined
  })
}

const packaged: ModelChoice = {
  id: PACKAGED,
  name: __SITE__ ? 'the one that comes with the page' : 'the server’s own',
  async fetchBytes() {
    if (__SITE__) return __MODEL__ ? bytesFrom('./model.safetensors') : undefined
    const models = await serverModels()
    return models.some(({ id }) => id === PACKAGED) ? fromServer(PACKAGED) : undefined
  },
}

const trained: ModelChoice = {
  id: TRAINED,
  name: 'the one just trained here',
  fetchBytes: async () => training.outcome.peek()?.file.slice(), // whoever asks may hand it on to a worker
}

/** The networks that there are: the page's, those of the server's finished runs, the one trained here, a file. */
export function useModels(chosen: File | undefined): readonly ModelChoice[] {
  const [runs, setRuns] = useState<readonly ModelChoice[]>([])
  useEffect(() => {
    if (__SITE__) return
    serverModels()
      .then((models) => {
        const others = models.filter(({ id }) => id !== PACKAGED)
        setRuns(others.map(({ id, name }) => ({ id, name: `run ${name}`, fetchBytes: () => fromServer(id) })))
      })
      .catch(() => {}) // then there are still those of the page itself
  }, [])
  const fromFile: ModelChoice = {
    id: FILE,
    name: chosen?.name ?? 'a weights file of your own',
    fetchBytes: async () => chosen && new Uint8Array(await chosen.arrayBuffer()),
  }
  return [packaged, ...(training.outcome.value === undefined ? [] : [trained]), ...runs, fromFile]
}
