import { readFile } from 'node:fs/promises'
import { decodePicture, load } from 'atelier'

const predictor = await load() // the network that comes with the package
const picture = await decodePicture(await readFile('examples/shirt.jpg'))
const { className, probability, isSure } = predictor.predict(picture)
console.log(`${isSure ? '' : 'not sure, perhaps '}${className}, ${(100 * probability).toFixed(0)} %`)
predictor.close()
