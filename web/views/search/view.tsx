import '../../style/records.css'
import './search.css'
import { place } from '../../router.ts'
import { SearchList } from './list.tsx'
import { SearchPage } from './search.tsx'

/** Searches: all of them, or the one that the address names. */
export default function Searches() {
  const id = place.value.query.get('search')
  return id === null ? <SearchList /> : <SearchPage key={id} id={id} />
}
