// What is fed with changed inputs: for each its seeds, which our own writers made, and the function that reads them. It may
// refuse with a typed error; anything else that it throws is a fault.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { parse } from '../../dist/base/parse.js'
import { key } from '../../dist/base/random.js'
import { parseClassNames } from '../../dist/data/class-names.js'
import { parseCsv } from '../../dist/data/csv.js'
import { parseIdxImages, parseIdxLabels, writeIdxImages, writeIdxLabels } from '../../dist/data/idx.js'
import { gunzip } from '../../dist/data/read-file.js'
import { checkPlan as checkProgram } from '../../dist/engine/program.js'
import { compile } from '../../dist/model/compile.js'
import { cnn, mlp, residual } from '../../dist/model/named.js'
import { parseModel, resolve } from '../../dist/model/spec.js'
import { decodePicture } from '../../dist/pictures/decode-picture.js'
import { prepare } from '../../dist/pictures/prepare.js'
import { decodeRecord } from '../../dist/record/checksum.js'
import { testRecord } from '../../dist/record/evaluation.js'
import { manifest } from '../../dist/record/manifest.js'
import { decodeModelFile, encodeModelFile } from '../../dist/record/model-file.js'
import { parseJson } from '../../dist/record/read-json.js'
import { openSafetensors } from '../../dist/record/safetensors.js'
import { readEvents } from '../../dist/runs/run.js'
import { SEARCH_FILES } from '../../dist/search/files.js'
import { readSearchJournal } from '../../dist/search/read-record.js'
import { searchRecord } from '../../dist/search/record.js'
import { checkPlan, studyPlan } from '../../dist/study/plan.js'
import { studyRecord } from '../../dist/study/record.js'
import { upgradeStudy } from '../../dist/study/version-1.js'
import { openSpace, refuseEmpty } from '../../dist/tuning/open-space.js'
import { parseSpace } from '../../dist/tuning/parse-space.js'

const at = 'input'
const textOf = (bytes) => Buffer.from(bytes).toString()
const jsonOf = (bytes) => parseJson(textOf(bytes), at)
const written = (value) => Buffer.from(JSON.stringify(value))

const small = { imageShape: [6, 6, 1], classes: 3 }
const models = [
  mlp('mlp', [4], small),
  cnn('cnn', [2], small),
  residual('residual', [2, 3], { ...small, imageShape: [8, 8, 1] }),
]

/** A weights file of a network, its weights all a half. */
function weightsFile(spec) {
  const tensors = resolve(spec).nodes.flatMap((node) =>
    node.parameters.map(({ name, shape }) => ({
      name: `${node.name}/${name}`,
      shape,
      values: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(0.5),
    })),
  )
  const preprocessing = { scale: 1 / 255, shift: 0 }
  const more = { classNames: ['a', 'b', 'c'], imageShape: [6, 6, 1], arithmetic: 'strict', metadata: {} }
  return withoutChecksum(encodeModelFile({ name: spec.name, spec, tensors, preprocessing, ...more }))
}

/** A safetensors file as one of version 1, so that a change reaches what lies behind the look at the checksum. */
const withoutChecksum = (file) =>
  Buffer.from(
    Buffer.from(file)
      .toString('latin1')
      .replace(/"checksum":"\w{64}",/, (found) => ' '.repeat(found.length))
      .replace('"schemaVersion":"2"', '"schemaVersion":"1"'),
    'latin1',
  )

/** Whether a network of a file could be opened: everything but the memory. */
function compileAll(spec) {
  const options = { batch: 32, scale: 1, shift: 0, loss: 'cross-entropy', key: key(1) }
  checkProgram(compile(spec, options).plan)
}

const images = { count: 3, height: 5, width: 4, channels: 1, pixels: new Uint8Array(60).map((_, i) => 4 * i) }
const table = (names) =>
  Buffer.from(
    [...(names ? [names] : []), ...Array.from({ length: 6 }, (_, i) => `${i % 3},${i},255,0,7`)].join('\n'),
  )

/** A picture, encoded. */
const drawn = async (kind) => {
  const { default: sharp } = await import('sharp')
  return sharp({ create: { width: 23, height: 17, channels: 4, background: '#8a30' } })
    .toFormat(kind)
    .toBuffer()
}
const form = {
  ...{ kind: 'whole', width: 6, height: 6, channels: 1, gray: 'bt601', origin: 'given', fit: 'contain' },
  backdrop: 'white',
}

const space = {
  name: 'space',
  parameters: {
    width: { integers: [4, 64, 4] },
    rate: { logRange: [1e-4, 1e-1] },
    kind: ['a', 'b'],
    share: { range: [0, 1, 0.25], when: { kind: 'a', width: { atLeast: 8 } } },
  },
  constraints: [{ any: [{ less: ['width', 32] }, { equal: ['kind', { value: 'b' }] }] }],
}

const BOUNDARY = 'seam'
const formOf = (...files) => {
  const part = (bytes, i) => [
    `--${BOUNDARY}\r\ncontent-disposition: form-data; name="image"; filename="${i}.png"\r\ncontent-type: image/png\r\n\r\n`,
    bytes,
    '\r\n',
  ]
  return Buffer.concat([...files.flatMap(part), `--${BOUNDARY}--\r\n`].map((one) => Buffer.from(one)))
}

/** The targets; the seeds of records are those of a small study at `place`. */
export function targetsAt(place) {
  const read = (...path) => readFileSync(join(place, ...path))
  const files = { at: () => at, modified: async () => undefined, directory: at }
  let server
  const serve = async () => {
    const model = join(place, `served-${process.pid}.safetensors`)
    if (server === undefined) writeFileSync(model, weightsFile(models[0]))
    const { openServer } = await import('../../dist/server/server.js')
    server ??= await openServer({ runs: place, model, version: '0' })
    return `${server.url}/api/recognize`
  }
  return {
    'idx-images': {
      seeds: () => [writeIdxImages(images)],
      read: (bytes) => parseIdxImages(bytes, at),
    },
    'idx-labels': {
      seeds: () => [writeIdxLabels(Uint8Array.from([1, 2, 3]))],
      read: (bytes) => parseIdxLabels(bytes, at),
    },
    gzip: {
      seeds: () => [gzipSync(writeIdxImages(images)), gzipSync(Buffer.alloc(2 ** 20))],
      read: (bytes) => gunzip(bytes, at, 2 ** 26),
    },
    csv: {
      seeds: () => [table(), table('label,1x1,1x2,2x1,2x2'), table('pixel1,pixel2,pixel3,pixel4,class')],
      read: (bytes) => parseCsv(bytes, at),
    },
    'class-names': {
      seeds: () => [Buffer.from('shirt\ncoat\r\n\r\nbag\n'), Buffer.from('\ufeffshirt\ncoat', 'utf16le')],
      read: (bytes) => parseClassNames(bytes, at),
    },
    pictures: {
      seeds: () => Promise.all(['png', 'jpeg', 'webp', 'gif', 'tiff', 'avif'].map(drawn)),
      read: async (bytes) => prepare(await decodePicture(bytes, { form }), form),
    },
    safetensors: {
      seeds: () => models.map(weightsFile),
      read: (bytes) => openSafetensors(bytes, at),
    },
    'weights-file': {
      seeds: () => models.map(weightsFile),
      read: (bytes) => compileAll(decodeModelFile(bytes, at).spec),
    },
    model: {
      isJson: true,
      seeds: () => models.map(written),
      read: (bytes) => compileAll(parseModel(jsonOf(bytes), at)),
    },
    space: {
      isJson: true,
      seeds: () => [written(space), written(space.parameters)],
      read: (bytes) => refuseEmpty(openSpace(parseSpace(jsonOf(bytes), at, at)), key(1)),
    },
    journal: {
      isJson: true,
      seeds: () => [
        // of version 1, which has no checksums beside it
        Buffer.from(
          textOf(read('searches', 'search', SEARCH_FILES.journal)).replace('"schema":2', '"schema":1'),
        ),
      ],
      read: (bytes) => readSearchJournal({ ...files, read: async () => bytes }),
    },
    plan: {
      isJson: true,
      seeds: () => [read('plan.json')],
      read: (bytes) => checkPlan(parse(studyPlan, jsonOf(bytes), at)),
    },
    manifest: {
      isJson: true,
      seeds: () => [read('networks', 'mlp', 'manifest.json'), read('networks', 'cnn', 'manifest.json')],
      read: (bytes) => parse(manifest, jsonOf(bytes), at),
    },
    events: {
      isJson: true,
      seeds: () => [read('networks', 'mlp', 'events.jsonl')],
      read: (bytes) => readEvents({ ...files, read: async () => bytes }, undefined),
    },
    record: {
      isJson: true,
      seeds: () => [read('networks', 'mlp', 'manifest.json'), read('networks', 'mlp', 'test.json')],
      read: (bytes) => decodeRecord(bytes, at),
    },
    evaluation: {
      isJson: true,
      seeds: () => [read('networks', 'mlp', 'test.json')],
      read: (bytes) => parse(testRecord, jsonOf(bytes), at),
    },
    'search-record': {
      isJson: true,
      seeds: () => [read('searches', 'search', SEARCH_FILES.results)],
      read: (bytes) => parse(searchRecord, jsonOf(bytes), at),
    },
    'study-record': {
      isJson: true,
      seeds: () => [read('study.json')],
      read: async (bytes) => parse(studyRecord, await upgradeStudy(jsonOf(bytes), refused), at),
    },
    http: {
      seeds: async () => {
        const [png, jpeg] = [await drawn('png'), await drawn('jpeg')]
        return [png, formOf(png), formOf(png, jpeg), formOf()]
      },
      async read(bytes) {
        const isForm = bytes.subarray(0, 2).toString() === '--'
        const type = isForm ? `multipart/form-data; boundary=${BOUNDARY}` : 'image/png'
        const answer = await fetch(await serve(), {
          method: 'POST',
          body: bytes,
          headers: { 'content-type': type },
        })
        const text = await answer.text()
        if (answer.status >= 500) throw new Error(`status ${answer.status}: ${text.slice(0, 300)}`)
      },
    },
  }
}

/** No run of an older study lies beside the input. */
const refused = () => parse(manifest, undefined, at)
