import '../../style/records.css'
import './search.css'
import { route } from '../../base/router.ts'
import { SearchList } from './list.tsx'
import { SearchPage } from './search.tsx'

/** Searches: all of them, or the one that the address names. */
export default function Searches() {
  const id = route.value.query.get('search')
  return id === null ? <SearchList /> : <SearchPage key={id} id={id} />
}
