import { namedNetworks, network } from '../../../src/model/named.ts'
import type { ModelSpec } from '../../../src/model/spec.ts'
import { Field } from '../../parts/field.tsx'
import { ErrorText } from '../../parts/states.tsx'
import type { DataSummary } from '../../training/protocol.ts'
import { type BuiltDraft, buildDraft, firstDraft, parseDraft } from './draft.ts'
import { DraftEditor } from './draft-editor.tsx'
import { OWN } from './fields.ts'
import type { Form } from './form.ts'
import { LayerTable } from './layer-table.tsx'

/** The images that a network is made for, before any data are here. */
const usualForm = { height: 28, width: 28, channels: 1, classNames: { length: 10 } }

/** The network of an address. */
export interface ChosenNetwork {
  readonly name: string
  readonly spec: ModelSpec | undefined
  /** Of a network that is built layer by layer. */
  readonly built: BuiltDraft | undefined
  readonly error: unknown
}

/** Builds the network that the address names, for the data that are here. */
export function chooseNetwork(
  value: (name: string) => string,
  { network: options }: Pick<Form, 'network'>,
  data: DataSummary | undefined,
): ChosenNetwork {
  const { height, width, channels, classNames } = data ?? usualForm
  const image = [height, width, channels]
  const asked = value('model') === '' ? 'cnn-small' : value('model')
  if (asked === OWN) {
    const built = buildDraft(parseDraft(value('layers') || firstDraft), image, classNames.length)
    return { name: OWN, spec: built.spec, built, error: undefined }
  }
  try {
    const spec = network(asked, { ...options, imageShape: image, classes: classNames.length })
    return { name: asked, spec, built: undefined, error: undefined }
  } catch (error) {
    return { name: asked, spec: undefined, built: undefined, error }
  }
}

interface NetworkChoiceProps {
  readonly chosen: ChosenNetwork
  readonly layers: string
  readonly isFixed: boolean
  onChange(change: Readonly<Record<string, string>>): void
}

/** Choose a network by its name, or build one. */
export function NetworkChoice({ chosen, layers, isFixed, onChange }: NetworkChoiceProps) {
  const { name, spec, built, error } = chosen
  const named = Object.keys(namedNetworks).map((each) => [each, each] as const)
  const unknown = name === OWN || Object.hasOwn(namedNetworks, name) ? [] : [[name, name] as const]
  return (
    <section aria-labelledby="train-network">
      <h2 id="train-network">Network</h2>
      <div class="fields">
        <Field
          label="Network"
          value={name}
          choices={[...named, ...unknown, [OWN, 'your own']]}
          disabled={isFixed}
          onInput={(model) => onChange({ model })}
        />
      </div>
      {error !== undefined && (
        <p class="error" role="alert">
          <ErrorText error={error} />
        </p>
      )}
      {built !== undefined && (
        <DraftEditor
          draft={parseDraft(layers || firstDraft)}
          built={built}
          isFixed={isFixed}
          onChange={(text) => onChange({ layers: text })}
        />
      )}
      {built === undefined && spec !== undefined && <LayerTable spec={spec} />}
    </section>
  )
}
