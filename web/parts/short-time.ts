/** A time as it is written in lists, in the zone of the reader: 2026-11-25 20:46. */
export function shortTime(iso: string | null): string | null {
  if (iso === null) return null
  const time = new Date(iso)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${two(time.getHours())}:${two(time.getMinutes())}`
}
