import '../../style/records.css'
import './runs.css'
import { route } from '../../base/router.ts'
import { RunList } from './list.tsx'
import { RunPage } from './run.tsx'

/** Runs: all of them, or the one that the address names. */
export default function Runs() {
  const id = route.value.query.get('run')
  return id === null ? <RunList /> : <RunPage key={id} id={id} />
}
