import { InputError } from '../base/errors.ts'
import type { Point } from './constraints.ts'
import { cardinality, type Domain, passes, type Scalar, type Test, valueAt } from './domain.ts'

/**
 * Points are counted, not listed. Parameters that conditions tie together form a group; groups are independent, so that
 * their counts multiply. Within a group the values of a parameter are taken by intervals on which every condition that
 * looks at it says the same; and all that matters of the parameters before one is which conditions still hold.
 */

/** What may be looked at: the ways on from all states, times the parameters that follow. Ordinary spaces come to some hundreds. */
const MOST_WORK = 2_000_000

/** Neighboring values of a parameter, from the first on, between which no condition tells. */
interface Interval {
  readonly first: number
  readonly values: number
  /** For each test that looks at the parameter, whether it passes. */
  readonly passes: readonly boolean[]
}

/** A test that looks at a parameter: whose condition it belongs to, by its place in the group. */
interface Looking {
  readonly child: number
  readonly test: Test
}

/** Parameters that conditions tie together, in order. */
interface Group {
  readonly domains: readonly Domain[]
  /** For each parameter the tests that look at it. */
  readonly looking: readonly (readonly Looking[])[]
  readonly intervals: readonly (readonly Interval[])[]
}

/** Which conditions of a group may still hold, one letter a parameter, at the place of one of them. */
interface State {
  readonly place: number
  readonly alive: string
}

/** A way on from a state: so many values, each of which leads to the same state. */
interface Way {
  readonly first: number
  readonly values: number
  readonly next: State
}

/** The points of a space without regard to constraints. */
export interface Points {
  /** How many; Infinity where they are not counted, or more than 2^53. */
  readonly size: number
  /** The i-th in the order of nested loops, the last parameter turning fastest. */
  at(index: number): Point
}

/** Counts the points of a space whose parameters stand after those that their conditions look at. */
export function countPoints(title: string, order: readonly string[], domains: readonly Domain[]): Points {
  let work = 0
  const note = (more: number) => {
    work += more
    if (work > MOST_WORK) throw tooEntangled(title)
  }
  const cards = domains.map(cardinality)
  const groups = groupsOf(order, domains)
    .filter((members) => members.length > 1)
    .map((members) => ({ members, ...counter(groupFrom(members, order, domains), note) }))
  const inGroup = new Map(groups.flatMap((group, g) => group.members.map((i) => [i, g] as const)))
  const alone = cards.filter((_, i) => !inGroup.has(i)).reduce((product, count) => product * count, 1)
  const total = groups.reduce((product, { count, start }) => product * count(start), alone)
  const size = total <= Number.MAX_SAFE_INTEGER ? total : Infinity
  return {
    size,
    at(index) {
      const point: Record<string, Scalar> = {}
      const states = groups.map(({ start }) => start)
      let rest = index
      let remaining = size // the points that share the values which are chosen
      for (let i = 0; i < order.length; i++) {
        const g = inGroup.get(i)
        if (g === undefined) {
          remaining /= cards[i]
          const turn = Math.floor(rest / remaining)
          rest -= turn * remaining
          point[order[i]] = valueAt(domains[i], turn)
          continue
        }
        const { count, ways, isThere } = groups[g]
        const others = remaining / count(states[g]) // combinations of all other groups
        for (const { first, values, next } of ways(states[g])) {
          remaining = count(next) * others
          if (rest >= remaining * values) {
            rest -= remaining * values
            continue
          }
          const turn = Math.floor(rest / remaining)
          rest -= turn * remaining
          if (isThere(states[g])) point[order[i]] = valueAt(domains[i], first + turn)
          states[g] = next
          break
        }
      }
      return point
    },
  }
}

const tooEntangled = (title: string) =>
  new InputError({
    at: `space ${title}: conditions`,
    expected: `conditions that can be followed in ${MOST_WORK.toLocaleString('en-US')} steps`,
    received: 'ones that are more entangled',
    hint: 'Let fewer parameters look at others, or search them apart.',
  })

/** The parameters that conditions tie together, by their places; one that stands alone is a group too. */
function groupsOf(order: readonly string[], domains: readonly Domain[]): number[][] {
  const position = new Map(order.map((name, i) => [name, i]))
  const leader = order.map((_, i) => i)
  const find = (i: number): number => {
    while (leader[i] !== i) i = leader[i] = leader[leader[i]]
    return i
  }
  domains.forEach(({ when = {} }, i) => {
    for (const name of Object.keys(when)) {
      const [a, b] = [find(i), find(position.get(name)!)]
      leader[Math.max(a, b)] = Math.min(a, b)
    }
  })
  const members = order.map((): number[] => [])
  order.forEach((_, i) => {
    members[find(i)].push(i)
  })
  return members.filter((own) => own.length > 0)
}

function groupFrom(members: readonly number[], order: readonly string[], all: readonly Domain[]): Group {
  const domains = members.map((i) => all[i])
  const looking = members.map((): Looking[] => [])
  const place = new Map(members.map((i, p) => [order[i], p]))
  domains.forEach(({ when = {} }, child) => {
    for (const [name, test] of Object.entries(when)) looking[place.get(name)!].push({ child, test })
  })
  return { domains, looking, intervals: domains.map((domain, p) => intervalsOf(domain, looking[p])) }
}

/** The values of a domain by intervals on which the tests say the same. */
function intervalsOf(domain: Domain, looking: readonly Looking[]): Interval[] {
  const count = cardinality(domain)
  const isListed = domain.kind === 'oneOf'
  if (looking.length === 0 || !Number.isFinite(count)) return [{ first: 0, values: count, passes: [] }]
  const starts = isListed ? domain.values.map((_, i) => i) : startsOf(domain, count, looking)
  const found: Interval[] = []
  const tests = looking.map(({ test }) => fast(test))
  starts.forEach((first, i) => {
    const value = valueAt(domain, first)
    const values = (starts[i + 1] ?? count) - first
    const outcome = tests.map((test) => test(value))
    const last = found.at(-1)
    if (last !== undefined && outcome.every((each, t) => each === last.passes[t]))
      found[found.length - 1] = { ...last, values: last.values + values }
    else found.push({ first, values, passes: outcome })
  })
  return found
}

/** A test that need not look through its list for each value. */
function fast(test: Test): (value: Scalar) => boolean {
  if (!('oneOf' in test)) return (value) => passes(test, value)
  const values = new Set(test.oneOf)
  return (value) => values.has(value)
}

/** The places among numbers at which a test may begin to say otherwise. */
function startsOf(domain: Domain, count: number, looking: readonly Looking[]): number[] {
  /** The first value that is not below x, or above it. */
  const firstFrom = (x: number, above: boolean) => {
    let [low, high] = [0, count]
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      const value = valueAt(domain, middle) as number
      if (value < x || (above && value === x)) low = middle + 1
      else high = middle
    }
    return low
  }
  const around = (value: Scalar) =>
    typeof value === 'number' ? [firstFrom(value, false), firstFrom(value, true)] : []
  const edges = looking.flatMap(({ test }) =>
    'oneOf' in test
      ? test.oneOf.flatMap(around)
      : [firstFrom(test.atLeast ?? -Infinity, false), firstFrom(test.atMost ?? Infinity, true)],
  )
  return [...new Set([0, ...edges])].filter((edge) => edge < count).sort((a, b) => a - b)
}

/** Counts the combinations of a group from its states on. */
function counter({ domains, looking, intervals }: Group, note: (work: number) => void) {
  const known = new Map<string, { readonly count: number; readonly ways: readonly Way[] }>()
  const isThere = ({ place, alive }: State) => domains[place].when === undefined || alive[0] === '1'
  /** The state behind a parameter: conditions of which a test failed are dead. */
  const after = ({ place, alive }: State, passed: readonly boolean[] | undefined): State => {
    const letters = [...alive]
    looking[place].forEach(({ child }, t) => {
      if (passed?.[t] !== true) letters[child - place] = '0'
    })
    return { place: place + 1, alive: letters.slice(1).join('') }
  }
  const waysFrom = (state: State): Way[] => {
    if (!isThere(state)) return [{ first: 0, values: 1, next: after(state, undefined) }]
    return intervals[state.place].map(({ first, values, passes: passed }) => ({
      first,
      values,
      next: after(state, passed),
    }))
  }
  const look = (state: State): { readonly count: number; readonly ways: readonly Way[] } => {
    const name = `${state.place} ${state.alive}`
    const before = known.get(name)
    if (before !== undefined) return before
    if (state.place === domains.length) return { count: 1, ways: [] }
    note(intervals[state.place].length * (state.alive.length + 1))
    const ways = waysFrom(state)
    const found = { count: ways.reduce((sum, { values, next }) => sum + values * look(next).count, 0), ways }
    known.set(name, found)
    return found
  }
  return {
    start: { place: 0, alive: '1'.repeat(domains.length) },
    count: (state: State): number => look(state).count,
    ways: (state: State) => look(state).ways,
    isThere,
  }
}
