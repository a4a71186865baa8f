/** Values of labels in the order of their names. */
type Labels = readonly string[]

interface Metric {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  /** Its samples as lines. */
  lines(): string[]
}

/** Numbers about a server, as Prometheus reads them (text format 0.0.4). */
export interface Metrics {
  counter(name: string, help: string, labels?: Labels): (values?: Labels, by?: number) => void
  gauge(name: string, help: string, read: () => number): void
  /** A counter that is kept elsewhere. */
  reading(name: string, help: string, read: () => number): void
  histogram(
    name: string,
    help: string,
    bounds: readonly number[],
    labels?: Labels,
  ): (value: number, values?: Labels) => void
  text(): string
}

const escaped = (value: string) =>
  value.replace(/[\\"\n]/g, (c) => ({ '\\': '\\\\', '"': '\\"', '\n': '\\n' })[c] as string)

function braces(names: Labels, values: Labels, more: readonly string[] = []): string {
  const pairs = [...names.map((name, i) => `${name}="${escaped(values[i])}"`), ...more]
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

/** A table of samples by the values of their labels. */
function samples<T>(make: () => T) {
  const table = new Map<string, { readonly values: Labels; readonly sample: T }>()
  return {
    at(values: Labels): T {
      const name = values.join('\0')
      const found = table.get(name)
      if (found !== undefined) return found.sample
      const sample = make()
      table.set(name, { values, sample })
      return sample
    },
    all: () => [...table.values()],
  }
}

/** An empty set of metrics. */
export function openMetrics(): Metrics {
  const metrics: Metric[] = []
  return {
    counter(name, help, labels = []) {
      const counts = samples(() => ({ count: 0 }))
      if (labels.length === 0) counts.at([])
      const lines = () =>
        counts.all().map(({ values, sample }) => `${name}${braces(labels, values)} ${sample.count}`)
      metrics.push({ name, help, type: 'counter', lines })
      return (values = [], by = 1) => {
        counts.at(values).count += by
      }
    },
    gauge(name, help, read) {
      metrics.push({ name, help, type: 'gauge', lines: () => [`${name} ${read()}`] })
    },
    reading(name, help, read) {
      metrics.push({ name, help, type: 'counter', lines: () => [`${name} ${read()}`] })
    },
    histogram(name, help, bounds, labels = []) {
      const table = samples(() => ({ buckets: bounds.map(() => 0), count: 0, sum: 0 }))
      const lines = () =>
        table
          .all()
          .flatMap(({ values, sample: { buckets, count, sum } }) => [
            ...bounds.map(
              (bound, i) => `${name}_bucket${braces(labels, values, [`le="${bound}"`])} ${buckets[i]}`,
            ),
            `${name}_bucket${braces(labels, values, ['le="+Inf"'])} ${count}`,
            `${name}_sum${braces(labels, values)} ${sum}`,
            `${name}_count${braces(labels, values)} ${count}`,
          ])
      metrics.push({ name, help, type: 'histogram', lines })
      return (value, values = []) => {
        const sample = table.at(values)
        bounds.forEach((bound, i) => {
          if (value <= bound) sample.buckets[i] += 1
        })
        sample.count += 1
        sample.sum += value
      }
    },
    text: () =>
      metrics
        .map(({ name, help, type, lines }) =>
          [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines(), ''].join('\n'),
        )
        .join(''),
  }
}
