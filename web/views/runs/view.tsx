import '../../style/records.css'
import './runs.css'
import { place } from '../../router.ts'
import { RunList } from './list.tsx'
import { RunPage } from './run.tsx'

/** Runs: all of them, or the one that the address names. */
export default function Runs() {
  const id = place.value.query.get('run')
  return id === null ? <RunList /> : <RunPage key={id} id={id} />
}
