/** Two images by their numbers, the smaller first, and Σ (a − b)² of their bytes. */
export interface Pair {
  readonly a: number
  readonly b: number
  readonly squared: number
}

const inOrder = (p: Pair, q: Pair) => p.squared - q.squared || p.a - q.a || p.b - q.b

/** The nearest of many pairs: a set full of equal images has more pairs than memory. */
export class PairList {
  readonly #most: number
  #kept: Pair[] = []
  #worst: Pair | undefined

  constructor(most: number) {
    this.#most = most
  }

  add(pair: Pair): void {
    if (this.#worst !== undefined && inOrder(pair, this.#worst) > 0) return
    this.#kept.push(pair)
    if (this.#kept.length < 2 * this.#most) return
    this.#kept = this.nearest()
    this.#worst = this.#kept.at(-1)
  }

  /** Nearest first; of equally near ones by their numbers. */
  nearest(): Pair[] {
    return [...this.#kept].sort(inOrder).slice(0, this.#most)
  }
}

/** Sets of images that are linked by pairs, directly or through others (union-find with halving of paths). */
export class Groups {
  readonly #parent: Int32Array

  constructor(count: number) {
    this.#parent = Int32Array.from({ length: count }, (_, i) => i)
  }

  link(a: number, b: number): void {
    const [x, y] = [this.#root(a), this.#root(b)]
    this.#parent[Math.max(x, y)] = Math.min(x, y)
  }

  /** Groups of at least two, each ascending, by their first image. */
  list(): number[][] {
    const groups = new Map<number, number[]>()
    for (let i = 0; i < this.#parent.length; i++) {
      const root = this.#root(i)
      const group = groups.get(root)
      if (group === undefined) groups.set(root, [i])
      else group.push(i)
    }
    return [...groups.values()].filter((group) => group.length > 1)
  }

  #root(i: number): number {
    const parent = this.#parent
    while (parent[i] !== i) {
      parent[i] = parent[parent[i]]
      i = parent[i]
    }
    return i
  }
}
