import { isAbsolute, join, relative } from 'node:path'
import { formatSource, parseSource, pathOf, type Source, withPath } from '../data/source.ts'
import { exists } from './files.ts'
import type { DataRecord } from './manifest.ts'

/** The relative path that a source names, if it names one. */
function relativePath(source: string) {
  const parsed = parsedSource(source)
  if (parsed === undefined) return undefined
  const path = pathOf(parsed)
  return path === undefined || isAbsolute(path) ? undefined : { parsed, path }
}

/** Data that are made in memory have a source that nothing is read from. */
function parsedSource(source: string): Source | undefined {
  try {
    return parseSource(source)
  } catch {
    return undefined
  }
}

/**
 * Where the relative path of a source begins, as a path from the directory of its run: the two are found together from
 * anywhere, also once they have moved. Undefined where the source names no such path.
 */
export function baseOf(source: string, directory: string): string | undefined {
  if (relativePath(source) === undefined) return undefined
  return relative(directory, '.').replaceAll('\\', '/') || '.'
}

/** The source of a run's data, as it is found from here. */
export async function recordedSource(
  { source, base }: Pick<DataRecord, 'source' | 'base'>,
  directory: string,
): Promise<string> {
  const found = relativePath(source)
  if (base === undefined || found === undefined) return source
  const path = join(directory, base, found.path)
  return (await exists(path)) ? formatSource(withPath(found.parsed, path)) : source
}
