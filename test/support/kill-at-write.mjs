/*
 * Preloaded into a command (`node --import`): ends its process with SIGKILL before the write of number KILL_AT, counting
 * from 1 all calls that change a file or a directory. Without KILL_AT it counts only; the number goes to KILL_COUNT.
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import process from 'node:process'

const { KILL_AT, KILL_COUNT } = process.env
const isMain = /main\.js$/.test(process.argv[1] ?? '')
const writeFileSync = fs.writeFileSync
let writes = 0

function count() {
  writes += 1
  if (writes === Number(KILL_AT)) process.kill(process.pid, 'SIGKILL')
}

function watch(module, names) {
  for (const name of names) {
    const original = module[name]
    module[name] = (...args) => {
      // Printing is no write of a record.
      if (!(name === 'writeSync' && args[0] <= 2)) count()
      return original(...args)
    }
  }
}

if (isMain) {
  watch(fs, ['writeSync', 'writeFileSync', 'renameSync', 'linkSync', 'truncateSync', 'rmSync'])
  watch(fs.promises, ['rename', 'appendFile', 'writeFile', 'mkdir', 'rm', 'rmdir', 'open'])
  syncBuiltinESMExports()
  if (KILL_COUNT !== undefined) process.on('exit', () => writeFileSync(KILL_COUNT, `${writes}`))
}
