/** What a value is, as an error names it: `Float32Array`, `string`, `null`. */
export const typeName = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? (value.constructor?.name ?? 'an object')
    : value === null
      ? 'null'
      : typeof value
