import { readFile } from 'node:fs/promises'
import { decodePicture, loadClassifier } from 'atelier'

const classifier = await loadClassifier() // the network that comes with the package
const picture = await decodePicture(await readFile('examples/shirt.jpg'))
const { className, probability, isSure } = classifier.predict(picture)
console.log(`${isSure ? '' : 'not sure, perhaps '}${className}, ${(100 * probability).toFixed(0)} %`)
classifier.close()
