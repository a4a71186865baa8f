// Writes kernels/operations.h from src/engine/operations.ts: what the C sources know of the contract. It is checked in.
//
//   node scripts/build-operations-header.mjs [--check]
//
// --check compares instead of writing.

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Newer Nodes read TypeScript as it is; for older ones Vite, which Vitest brings along, takes the types away. */
async function load(path) {
  const file = new URL(path, import.meta.url)
  if (process.features.typescript) return import(file.href)
  const { runnerImport } = await import('vite')
  return (await runnerImport(fileURLToPath(file), { logLevel: 'error' })).module
}
const { operations, RATES } = await load('../src/engine/operations.ts')
const { RECORD } = await load('../src/engine/program.ts')

const target = fileURLToPath(new URL('../kernels/operations.h', import.meta.url))

/** `denseGradWeights` → `dense_grad_weights` → `DENSE_GRAD_WEIGHTS`. */
const snake = (name) => name.replaceAll(/[A-Z0-9]+/g, (part) => `_${part.toLowerCase()}`)
const upper = (name) => snake(name).toUpperCase()

/** Whose products and sums fuse: compiled once for each arithmetic; the others have one copy for both. */
const fuses = (name) => /^(dense|convolution)/.test(name)

const rows = Object.entries(operations).sort(([, a], [, b]) => a.code - b.code)
const bits = (flags) => flags.reduce((mask, flag, i) => mask | (flag ? 1 << i : 0), 0)

/** `enum { DENSE_INPUTS, DENSE_OUTPUTS };` where an attribute stands among an operation's integers or floats. */
function indices(name, attributes) {
  if (attributes.length === 0) return []
  return [`enum { ${attributes.map((attribute) => `${upper(name)}_${upper(attribute)}`).join(', ')} };`]
}

/** One factor of a length: a number, or 1 less than minus the index of an integer attribute. */
function factor(name, { integers }, part) {
  if (typeof part === 'number') return `${part}`
  if (!integers.includes(part)) throw new Error(`${name} has no attribute ${part}.`)
  return `~${upper(name)}_${upper(part)}`
}

function signature([name, operation]) {
  const operands = Object.values(operation.operands)
  const masks = [operands.map(({ role }) => role !== 'read'), operands.map(({ batched }) => batched)].map(
    bits,
  )
  const lengths = operands.map(
    ({ length }) => `{${length.map((part) => factor(name, operation, part)).join(', ') || '1'}}`,
  )
  return `    [OP_${upper(name)}] = {${operands.length}, ${masks.join(', ')}, {${lengths.join(', ')}}},`
}

const list = (macro, chosen) =>
  `#define ${macro}(X) ${chosen.map(([name]) => `X(${upper(name)}, ${snake(name)})`).join(' ')}`

const header = `/* Made by scripts/build-operations-header.mjs from src/engine/operations.ts. */
#ifndef ATELIER_OPERATIONS_H
#define ATELIER_OPERATIONS_H

#include <stdint.h>

/* The encoding of src/engine/program.ts: one record an instruction. */
enum { RECORD_WORDS = ${RECORD.words}, MAX_OPERANDS = ${RECORD.maxOperands}, MAX_INTEGERS = ${RECORD.maxIntegers}, MAX_FLOATS = ${RECORD.words - RECORD.floats}, MAX_FACTORS = 4 };

/* Words of the operand \`rates\`. */
enum { ${Object.entries(RATES)
  .map(([name, at]) => `RATE_${upper(name)} = ${at}`)
  .join(', ')} };

enum { ${rows.map(([name, { code }]) => `OP_${upper(name)} = ${code}`).join(', ')}, OP_COUNT };

/* Where an operation's attributes stand: integers, then numbers. */
${rows.flatMap(([name, { integers, floats }]) => [...indices(name, integers), ...indices(name, floats)]).join('\n')}

/* The operations with a copy of their kernel for each arithmetic, and those with one for both. */
${list(
  'FUSING_OPERATIONS',
  rows.filter(([name]) => fuses(name)),
)}
${list(
  'OTHER_OPERATIONS',
  rows.filter(([name]) => !fuses(name)),
)}

/* The operands of an operation; bit i stands for operand i. */
typedef struct {
  uint8_t operands;
  uint32_t written, batched;
  /* The length of each is the product of these factors: a number, ~i for the integer attribute i, 0 behind the last. */
  int8_t length[MAX_OPERANDS][MAX_FACTORS];
} signature;

#define SIGNATURES \\
${rows.map(signature).join(' \\\n')}

#endif
`

if (!process.argv.includes('--check')) writeFileSync(target, header)
else if (readFileSync(target, 'utf8') !== header) {
  process.stderr.write(
    'kernels/operations.h is not what operations.ts gives: run `node scripts/build-operations-header.mjs`.\n',
  )
  process.exitCode = 1
}
