import { fashionMnist } from './fashion-mnist.ts'
import { locateSet } from './find.ts'
import { mnist } from './mnist.ts'
import { processSurroundings, type Surroundings } from './surroundings.ts'

/** The published sets and the folders in which they lie on this machine; undefined where they would be downloaded. */
export async function findKnownSets(
  surroundings: Surroundings = processSurroundings(),
): Promise<{ readonly name: string; readonly title: string; readonly where: string | undefined }[]> {
  return Promise.all(
    [fashionMnist, mnist].map(async (set) => ({
      name: set.name,
      title: set.title,
      where: await locateSet(set, surroundings),
    })),
  )
}
