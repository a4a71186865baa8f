import { namedNetworks, network } from '../../../src/model/named.ts'
import { Field } from '../../parts/field.tsx'
import { place, remember } from '../../router.ts'
import { LayerTable } from './layer-table.tsx'

const choices = Object.keys(namedNetworks).map((name) => [name, name] as const)

/** Choose a network and see its layers. */
export default function Train() {
  const asked = place.value.query.get('model') ?? ''
  const name = Object.hasOwn(namedNetworks, asked) ? asked : 'cnn-small'
  return (
    <div class="view">
      <h1>Train</h1>
      <Field label="Network" value={name} choices={choices} onInput={(model) => remember({ model })} />
      <LayerTable spec={network(name)} />
    </div>
  )
}
