import type { DuplicatesAnswer, ImageItem } from '../../../src/catalog/answers.ts'

/** Groups of different labels first, then the largest. */
export function inOrder(groups: DuplicatesAnswer['groups']): DuplicatesAnswer['groups'] {
  const labels = (group: readonly ImageItem[]) => new Set(group.map(({ label }) => label)).size
  return [...groups].sort((a, b) => labels(b) - labels(a) || b.length - a.length || a[0].index - b[0].index)
}
