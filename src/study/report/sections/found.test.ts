import { expect, test } from 'vitest'
import { studyFixture } from '../fixtures/study.ts'
import { renderMarkdown } from '../report.ts'

const study = studyFixture()
/** The study's networks, the last of them trained on so many images. */
const trainedOn = (train: number) =>
  study.networks.map((network, i, { length }) =>
    i < length - 1 ? network : { ...network, counts: { ...network.counts, train } },
  )
const written = async (train: number) =>
  (await renderMarkdown({ ...study, networks: trainedOn(train) })).markdown

test('says once how the images were divided, and where some networks had others', async () => {
  expect(await written(48_000)).toMatch(/validated on [\d,]+ others, and tested once/)
  expect(await written(57_000)).toMatch(
    /validated on [\d,]+ others, some of them on another division of these \(Table \d+\), and tested once/,
  )
})
