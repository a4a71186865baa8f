/** What two records of the same may differ in: when, how fast and where it was computed. */
const fields = new Set([
  ...['time', 'createdAt', 'startedAt', 'endedAt', 'start', 'end'],
  ...['seconds', 'trainingSeconds', 'duration', 'imagesPerSecond'],
  ...['environment', 'command', 'worker', 'checksum', 'run'],
])

/** A record's value without what may differ. */
export const timeless = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (name, held) => (fields.has(name) ? undefined : held))
