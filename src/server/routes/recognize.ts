import { setMaxListeners } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { Hono } from 'hono'
import { z } from 'zod'
import { InputError } from '../../base/errors.ts'
import { modelsAnswer, problemDocument } from '../../catalog/answers.ts'
import { type Body, readBody } from '../body.ts'
import { contract } from '../contract.ts'
import { DEFAULT_MODEL, type OpenModel } from '../models/models.ts'
import { type Part, partScanner } from '../multipart.ts'
import { documentOf, Problem } from '../problem.ts'
import type { Env, Services } from '../services.ts'
import { count, params } from './shared.ts'

/** A file of a form, as OpenAPI 3.1 says it. */
const file = z.string().meta({ contentMediaType: 'application/octet-stream' })

const recognized = z.object({
  /** The file's name, where one was given. */
  file: z.string().nullable(),
  className: z.string(),
  label: count,
  probability: z.number(),
  /** In the order of `classNames`. */
  probabilities: z.array(z.number()),
  isSure: z.boolean(),
})
const failed = z.object({ file: z.string().nullable(), problem: problemDocument })

type Result = z.infer<typeof recognized> | z.infer<typeof failed>

/** What is wrong with a picture is no fault of the request's form. */
function pictureProblem(error: unknown): Problem {
  if (error instanceof InputError) return new Problem(422, error.message, { ...error.parts, cause: error })
  if (error instanceof Problem) return error
  throw error
}

async function recognizeOne(
  { bytes, name }: Part,
  { form, batcher }: OpenModel,
  { concurrency, pictures, counted }: Services,
  signal: AbortSignal,
): Promise<Result | { readonly file: string | null; readonly error: Problem }> {
  const file = name === '' ? null : name
  try {
    const pixels = await concurrency.run(() => pictures.prepared(bytes, form), signal)
    const { className, label, probability, probabilities, isSure } = await batcher.ask(pixels)
    counted('recognized')
    return { file, className, label, probability, probabilities: [...probabilities], isSure }
  } catch (error) {
    const problem = pictureProblem(error)
    if (problem.status === 503) throw problem // of the server, not of the picture
    counted('refused')
    return { file, error: problem }
  }
}

/** Recognizes all; where the server is too busy for one of them, for none: the others leave their places at once. */
async function recognizeAll(
  parts: readonly Part[],
  model: OpenModel,
  services: Services,
  signal: AbortSignal,
) {
  const leaving = new AbortController()
  setMaxListeners(0, leaving.signal) // each picture that waits listens
  const leave = () => leaving.abort(signal.reason)
  signal.addEventListener('abort', leave, { once: true })
  try {
    const settled = await Promise.allSettled(
      parts.map((part) =>
        recognizeOne(part, model, services, leaving.signal).catch((error) => {
          leaving.abort(error)
          throw error
        }),
      ),
    )
    return settled.map((each) => {
      if (each.status === 'fulfilled') return each.value
      throw leaving.signal.reason // of the first that failed
    })
  } finally {
    signal.removeEventListener('abort', leave)
  }
}

/** The pictures of a request, a body that is one or the files of a form, for as long as they are worked with. */
async function withParts<T>(
  incoming: IncomingMessage,
  { limits, reserve }: Services,
  signal: AbortSignal,
  work: (parts: readonly Part[]) => Promise<T>,
): Promise<T> {
  const type = incoming.headers['content-type'] ?? 'application/octet-stream'
  const isForm = /^multipart\/form-data\b/i.test(type)
  if (!isForm && !/^(image\/|application\/octet-stream\b)/i.test(type)) {
    throw new Problem(415, `A picture cannot be ${type.slice(0, 100)}.`, {
      hint: 'Send image/png (or the like), application/octet-stream, or multipart/form-data.',
    })
  }
  const scanner = isForm ? partScanner(type, limits.pictures) : undefined
  const options = { most: limits.bytes, reserve, signal, ...(scanner && { onBytes: scanner.scan }) }
  const body = await readBody(incoming, options)
  try {
    return await work(scanner?.files(body.bytes) ?? [pictureOf(body)])
  } finally {
    body.release()
  }
}

function pictureOf({ bytes }: Body): Part {
  if (bytes.length === 0) throw new Problem(400, 'The request has no body.', { hint: 'Send a picture.' })
  return { name: '', bytes }
}

const noModel = (id: string) =>
  new Problem(404, `There is no network ${JSON.stringify(id.slice(0, 200))} here.`, {
    hint:
      id === DEFAULT_MODEL
        ? 'Start the server with --model FILE, or name a finished run: ?model=ID.'
        : 'GET /api/models lists those there are.',
  })

export const recognizeRoutes = new Hono<Env>()
  .post(
    '/api/recognize',
    contract({
      tag: 'recognition',
      summary:
        'Says what is in a picture, or in each of many; in a form of many, pictures may fail by themselves',
      query: z.object({ model: z.string().min(1).max(1000).default(DEFAULT_MODEL) }),
      body: {
        'image/*': 'bytes',
        'application/octet-stream': 'bytes',
        'multipart/form-data': z.object({ image: z.array(file) }),
      },
      answer: {
        'application/json': z.object({
          model: z.string(),
          classNames: z.array(z.string()),
          results: z.array(z.union([recognized, failed])),
        }),
      },
      problems: [404, 408, 413, 415, 422],
    }),
    async (c) => {
      const { incoming } = c.env
      const { services, signal } = c.var
      const { model: id } = c.req.valid('query')
      const answer = await withParts(incoming, services, signal, (parts) =>
        services.models.use(id, async (model) => {
          const results = await recognizeAll(parts, model, services, signal)
          const errors = results.flatMap((result) => ('error' in result ? [result.error] : []))
          if (errors.length === results.length) throw errors[0]
          return {
            model: id,
            classNames: [...model.classNames],
            results: results.map((result) =>
              'error' in result ? { file: result.file, problem: documentOf(result.error) } : result,
            ),
          }
        }),
      )
      if (answer === undefined) throw noModel(id)
      return c.json(answer)
    },
  )
  .get(
    '/api/models',
    contract({
      tag: 'recognition',
      summary: 'The networks that can be asked: the server’s own, and those of finished runs',
      answer: { 'application/json': modelsAnswer },
    }),
    async (c) => c.json({ models: await c.var.services.models.list() }),
  )
  .get(
    '/api/models/:id/file',
    contract({
      tag: 'recognition',
      summary: 'A network as a safetensors file, to recognize with elsewhere: in a page, say',
      params,
      answer: { 'application/octet-stream': 'bytes' },
      problems: [404],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const { models } = c.var.services
      const bytes = await models.use(id, (model) => model.file())
      if (bytes === undefined) throw noModel(id)
      return c.body(bytes as Uint8Array<ArrayBuffer>, 200, { 'content-type': 'application/octet-stream' })
    },
  )
