import type { Manifest } from '../record/manifest.ts'

/** Every setting of a run by its path: `optimizer.learningRate`, `dense1.units`. */
export function flatSettings({ model, settings, data, engine }: Manifest): Map<string, string> {
  const flat = new Map<string, string>()
  const walk = (value: unknown, path: string) => {
    if (typeof value !== 'object' || value === null) flat.set(path, String(value))
    else
      for (const [name, inner] of Object.entries(value)) walk(inner, path === '' ? name : `${path}.${name}`)
  }
  walk(settings, '')
  flat.set('model', model.name)
  flat.set('layers', model.nodes.map(({ kind }) => kind).join(' '))
  for (const { name, inputs, options } of model.nodes) {
    flat.set(`${name}.inputs`, inputs.join(' '))
    walk(options, name)
  }
  flat.set('output', model.output)
  flat.set('data', data.source)
  flat.set('data hash', data.hash.slice(0, 12))
  flat.set('split hash', data.split.hash.slice(0, 12))
  flat.set('arithmetic', engine.arithmetic)
  return flat
}

/** A setting that is not the same in all runs, with each run's value. */
export interface SettingsDifference {
  readonly setting: string
  readonly values: readonly string[]
}

/** What differs in the settings of some runs. */
export function settingsDifferences(manifests: readonly Manifest[]): SettingsDifference[] {
  const flat = manifests.map(flatSettings)
  const settings = new Set(flat.flatMap((map) => [...map.keys()]))
  return [...settings]
    .map((setting) => ({ setting, values: flat.map((map) => map.get(setting) ?? '–') }))
    .filter(({ values }) => new Set(values).size > 1)
}
