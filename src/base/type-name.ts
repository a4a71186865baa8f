/** What a value is, as an error names it: `Float32Array`, `string`, `null`. */
export function typeName(value: unknown): string {
  if (value === null) return 'null'
  return typeof value === 'object' ? (value.constructor?.name ?? 'an object') : typeof value
}
