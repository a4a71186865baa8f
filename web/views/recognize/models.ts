import { endpoints } from '../../client/endpoints.ts'
import { get, getBytes } from '../../client/http.ts'
import { useFetch } from '../../client/use-fetch.ts'
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

const fromServer = (id: string) => getBytes(endpoints.modelFile(id))

const packaged: ModelChoice = {
  id: PACKAGED,
  name: __SITE__ ? 'the packaged one' : 'the server’s own',
  async fetchBytes() {
    if (__SITE__) return __MODEL__ ? getBytes({ path: './model.safetensors' }) : undefined
    const { models } = await get(endpoints.models())
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
  const listed = useFetch(__SITE__ ? undefined : endpoints.models()).value?.models ?? [] // without an answer there are those of the page
  const runs = listed
    .filter(({ id }) => id !== PACKAGED)
    .map(({ id, name }) => ({ id, name: `run ${name}`, fetchBytes: () => fromServer(id) }))
  const fromFile: ModelChoice = {
    id: FILE,
    name: chosen?.name ?? 'a weights file of your own',
    fetchBytes: async () => chosen && new Uint8Array(await chosen.arrayBuffer()),
  }
  return [packaged, ...(training.outcome.value === undefined ? [] : [trained]), ...runs, fromFile]
}
