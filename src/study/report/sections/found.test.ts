import { expect, test } from 'vitest'
import { studyFixture } from '../fixtures/study.ts'
import { renderMarkdown } from '../report.ts'

const study = studyFixture()
const learnedFrom = (counts: readonly string[]) =>
  study.networks.map((network, i) => ({
    ...network,
    settings: [...network.settings, { name: 'Images learned from', value: counts[i] ?? counts[0]! }],
  }))
const written = async (counts: readonly string[]) =>
  (await renderMarkdown({ ...study, networks: learnedFrom(counts) })).markdown

test('says once how the images were divided, and where some networks had others', async () => {
  expect(await written(['48,000'])).toMatch(/validated on [\d,]+ others, and tested once/)
  expect(await written(['48,000', '57,000'])).toMatch(
    /validated on [\d,]+ others, some of them on another division of these \(Table \d+\), and tested once/,
  )
})
