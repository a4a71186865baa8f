import { useEffect } from 'preact/hooks'
import type { DatasetRow } from '../../../src/catalog/answers.ts'
import { parseSilhouettes } from '../../../src/data/load-silhouettes.ts'
import { endpoints } from '../../client/endpoints.ts'
import { useFetch } from '../../client/use-fetch.ts'
import { isBusy, openData, refuseData, training } from '../../training/client.ts'
import type { DataRequest } from '../../training/protocol.ts'

/** The source of files that a person chooses, as the command line would be given them. */
export const FILES = 'idx:DIR'

export const isSilhouettes = (source: string) => source.startsWith('silhouettes')

/** The datasets of the server that gave the page, beside those that the page draws itself. */
export function useServerSets(): readonly DatasetRow[] {
  const { value } = useFetch(__SITE__ ? undefined : endpoints.datasets())
  return (value?.datasets ?? []).filter(({ source }) => !isSilhouettes(source))
}

interface Wanted {
  readonly source: string
  readonly files: readonly File[]
  /** The id of the source on the server, where it has it. */
  readonly id: string | undefined
}

function requestOf({ source, files, id }: Wanted): DataRequest | undefined {
  if (isSilhouettes(source)) {
    return { type: 'silhouettes', source, options: parseSilhouettes(source.split(':')[1]) }
  }
  if (source === FILES) return files.length === 0 ? undefined : { type: 'files', source, files }
  return id === undefined ? undefined : { type: 'server', source, id }
}

/** Loads what is chosen, once a person has stopped typing. */
export function useData(wanted: Wanted, validation: number): void {
  const { source, files, id } = wanted
  useEffect(() => {
    if (isBusy()) return
    const load = () => {
      try {
        const request = requestOf(wanted)
        if (request === undefined) training.data.value = { type: 'none' }
        else openData(request, validation)
      } catch (error) {
        refuseData(error as Error)
      }
    }
    const later = setTimeout(load, training.data.peek().type === 'none' ? 0 : 400)
    return () => clearTimeout(later)
  }, [source, validation, id, files])
}
