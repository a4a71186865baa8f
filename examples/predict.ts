import { loadClassifier } from 'atelier'

const classifier = await loadClassifier() // the network that comes with the package
const { className, probability, isSure } = await classifier.predictFile('examples/shirt.jpg')
console.log(`${isSure ? '' : 'not sure, perhaps '}${className}, ${(100 * probability).toFixed(0)} %`)
classifier.close()
