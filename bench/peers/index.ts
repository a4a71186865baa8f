import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { type Command, type Peer, type PeerNetwork, startPeer } from './child.ts'

/** Where scripts/install-peers.mjs puts what npm installs: never into this package. */
export const peersFolder = process.env.ATELIER_PEERS ?? join(homedir(), '.cache/atelier/peers')

const python = process.env.ATELIER_PYTHON ?? '/usr/bin/python3'

const beside = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** The environment with the peer's own defaults: nothing that would hold its libraries back. */
function environment(threads: number): NodeJS.ProcessEnv {
  const { OPENBLAS_CORETYPE, OPENBLAS_L2_SIZE, ...env } = process.env
  return { ...env, OMP_NUM_THREADS: `${threads}`, OPENBLAS_NUM_THREADS: `${threads}` }
}

/**
 * PyTorch's threads spin while they wait for each other, which on a busy machine costs a hundred times what it saves:
 * there a process whose threads sleep instead is the stronger rival.
 */
const pytorch = (network: PeerNetwork, threads: number, waiting?: 'passive'): Command => ({
  name: `PyTorch, ${threads === 1 ? '1 thread' : `${threads} threads`}${waiting ? ` ${waiting}` : ''}`,
  file: python,
  args: [beside('pytorch.py'), JSON.stringify({ ...network, threads })],
  env: { ...environment(threads), ...(waiting ? { OMP_WAIT_POLICY: waiting } : {}) },
})

const tensorflow = (network: PeerNetwork, backend: 'wasm' | 'cpu'): Command => ({
  name: `TensorFlow.js, ${backend}`,
  file: process.execPath,
  args: [beside('tfjs.mjs'), JSON.stringify(network), backend, peersFolder],
  env: process.env,
})

/** Minutes a step, or no such kernel at all: left out unless asked for. */
const isHopeless = ({ kind }: PeerNetwork) => kind === 'cnn'

const hasTensorFlow = () => existsSync(join(peersFolder, 'node_modules/@tensorflow/tfjs'))

function commands(network: PeerNetwork, all: boolean): Command[] {
  const torch = [pytorch(network, 1), pytorch(network, 2), pytorch(network, 2, 'passive')]
  if (!hasTensorFlow() || (isHopeless(network) && !all)) return torch
  return [...torch, tensorflow(network, 'wasm'), tensorflow(network, 'cpu')]
}

/** The peers that train this network here, and a line on each that does not. */
export async function startPeers(network: PeerNetwork, all: boolean): Promise<[Peer[], string[]]> {
  const peers: Peer[] = []
  const missing = hasTensorFlow() ? [] : [`TensorFlow.js: not in ${peersFolder}`]
  for (const command of commands(network, all)) {
    try {
      peers.push(await startPeer(command))
    } catch (error) {
      missing.push(`${command.name}, ${network.name}: ${(error as Error).message}`)
    }
  }
  return [peers, missing]
}

/** ONNX Runtime on one and on two threads, for a CNN's way forward; a line on why where it does not run here. */
export async function startInferencePeers(network: PeerNetwork): Promise<[Peer[], string[]]> {
  const file = join(peersFolder, `${network.name}-${network.batch}.onnx`)
  const peers: Peer[] = []
  try {
    if (!existsSync(join(peersFolder, 'node_modules/onnxruntime-node')))
      throw new Error(`not in ${peersFolder}`)
    execFileSync(python, [beside('export_onnx.py'), JSON.stringify(network), file], { stdio: 'pipe' })
    for (const threads of [1, 2]) {
      const args = [beside('onnxruntime.mjs'), JSON.stringify(network), `${threads}`, peersFolder, file]
      const name = `ONNX Runtime, ${threads === 1 ? '1 thread' : `${threads} threads`}`
      peers.push(await startPeer({ name, file: process.execPath, args, env: process.env }))
    }
    return [peers, []]
  } catch (error) {
    return [peers, [`ONNX Runtime: ${(error as Error).message.split('\n')[0]}`]]
  }
}

/** How to get what is missing. */
export const howToInstall =
  'node scripts/install-peers.mjs installs PyTorch (Debian) and TensorFlow.js outside the package.'
