/** Lets work begin when there is memory for it. */
export interface MemoryGate {
  /** Does work that needs so many bytes when as much is free, in the order of asking; what needs more than there is, alone. */
  run<T>(bytes: number, work: () => Promise<T>): Promise<T>
  /** Bytes that are taken now. */
  readonly taken: number
}

/** A gate before so many bytes. */
export function memoryGate(most: number): MemoryGate {
  let taken = 0
  const waiting: { readonly bytes: number; begin(): void }[] = []
  const fits = (bytes: number) => taken === 0 || taken + bytes <= most

  const admit = () => {
    while (waiting.length > 0 && fits(waiting[0].bytes)) {
      const next = waiting.shift()
      taken += next?.bytes ?? 0
      next?.begin()
    }
  }

  return {
    get taken() {
      return taken
    },
    async run(bytes, work) {
      await new Promise<void>((begin) => {
        waiting.push({ bytes, begin })
        admit()
      })
      try {
        return await work()
      } finally {
        taken -= bytes
        admit()
      }
    },
  }
}
