// Posts a file's bytes again and again: `npm exec --package=autocannon@8 -- node bench/autocannon.mjs OPTIONS.json`.
// (The tool's own command line reads bodies as text, which spoils pictures.) Prints its result as JSON.
import { readFileSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'

/** The tool lies where npm has put its command. */
function installed() {
  for (const directory of process.env.PATH.split(delimiter)) {
    try {
      return createRequire(import.meta.url)(realpathSync(join(directory, 'autocannon')))
    } catch {
      // not in this one
    }
  }
  throw new Error('Run this through: npm exec --package=autocannon@8 -- node bench/autocannon.mjs')
}

const { file, ...options } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const result = await installed()({ ...options, method: 'POST', body: readFileSync(file) })
process.stdout.write(JSON.stringify(result))
