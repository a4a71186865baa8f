// Installs what `npm run bench` compares with, outside this package: PyTorch with OpenBLAS from Debian, without which
// it would be several times slower, and TensorFlow.js and ONNX Runtime from the npm registry. None of it is needed for anything else.
//
//   node scripts/install-peers.mjs      (ATELIER_PEERS names another folder for those of npm)

import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const folder = process.env.ATELIER_PEERS ?? join(homedir(), '.cache/atelier/peers')
const debian = ['python3-torch', 'libopenblas0-pthread']
const packages = [
  '@tensorflow/tfjs@4.22.0',
  '@tensorflow/tfjs-backend-wasm@4.22.0',
  'onnxruntime-node@1.30.0',
]

const say = (sentence) => process.stdout.write(`atelier: ${sentence}\n`)
const run = (file, ...args) => execFileSync(file, args, { stdio: ['ignore', 'ignore', 'inherit'] })
const succeeds = (file, ...args) => {
  try {
    execFileSync(file, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function installPyTorch() {
  if (succeeds('dpkg', '-s', ...debian)) return say('PyTorch is here.')
  if (process.getuid?.() !== 0 || !succeeds('apt-get', '--version')) {
    return say(`PyTorch: as root on Debian, apt-get install ${debian.join(' ')}`)
  }
  run('apt-get', 'update')
  run('apt-get', 'install', '-y', '--no-install-recommends', ...debian)
  return say('installed PyTorch with OpenBLAS.')
}

function installFromNpm() {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  run('npm', 'install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', ...packages)
  say(`installed TensorFlow.js and ONNX Runtime into ${folder}.`)
}

for (const install of [installPyTorch, installFromNpm]) {
  try {
    install()
  } catch (error) {
    say(error.message)
    process.exitCode = 1
  }
}
