import { differencesAmong, leaves } from '../base/leaves.ts'
import type { Manifest } from '../record/manifest.ts'

/** Every setting of a run by its path: `optimizer.learningRate`, `dense1.units`. */
export const flatSettings = ({ model, settings, data, engine }: Manifest): Map<string, string> =>
  new Map(
    [
      ...leaves(settings),
      ...leaves({ model: model.name, layers: model.nodes.map(({ kind }) => kind).join(' ') }),
      ...model.nodes.flatMap(({ name, inputs, options }) => [
        ...leaves({ inputs }, name),
        ...leaves(options, name),
      ]),
      ...leaves({
        output: model.output,
        data: data.source,
        'data hash': data.hash.slice(0, 12),
        'split hash': data.split.hash.slice(0, 12),
        arithmetic: engine.arithmetic,
      }),
    ].map(([setting, value]) => [setting, String(value)]),
  )

/** A setting that is not the same in all runs, with each run's value. */
export interface SettingsDifference {
  readonly setting: string
  readonly values: readonly string[]
}

/** What differs in the settings of some runs. */
export const settingsDifferences = (manifests: readonly Manifest[]): SettingsDifference[] =>
  differencesAmong(manifests.map(flatSettings)).map(({ name, values }) => ({
    setting: name,
    values: values.map((value) => value ?? '–'),
  }))
