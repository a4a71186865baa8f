import { STATUS_CODES } from 'node:http'
import { z } from 'zod'
import { problemDocument } from '../catalog/answers.ts'
import type { Content, DescribedRoute } from './contract.ts'

type Json = Record<string, unknown>

/** A schema as JSON Schema 2020-12, which OpenAPI 3.1 takes as it is. */
function schemaOf(content: Content): Json {
  if (content === 'bytes') return {}
  if (content === 'text') return { type: 'string' }
  const { $schema, ...schema } = z.toJSONSchema(content, { io: 'output', unrepresentable: 'any' }) as Json
  return schema
}

const contentOf = (content: Readonly<Record<string, Content>>) =>
  Object.fromEntries(Object.entries(content).map(([type, held]) => [type, { schema: schemaOf(held) }]))

function parametersOf(where: 'path' | 'query', schema: z.ZodObject | undefined): Json[] {
  return Object.entries(schema?.shape ?? {}).map(([name, each]) => ({
    name,
    in: where,
    required: where === 'path' || !(each as z.ZodType).safeParse(undefined).success,
    schema: schemaOf(each as z.ZodType),
  }))
}

/** What any route may answer when it is not asked as it should be, or has no time. */
const usual = [400, 403, 421, 429, 500, 503]

function operationOf(route: DescribedRoute): Json {
  const problems = [...new Set([...usual, ...(route.problems ?? [])])].sort()
  const parameters = [...parametersOf('path', route.params), ...parametersOf('query', route.query)]
  return {
    operationId: `${route.method}${route.path.replace(/\W+(\w)?/g, (_, letter = '') => letter.toUpperCase())}`,
    tags: [route.tag],
    summary: route.summary,
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && { requestBody: { required: true, content: contentOf(route.body) } }),
    responses: {
      200: { description: 'Done.', content: contentOf(route.answer) },
      ...Object.fromEntries(problems.map((status) => [status, { $ref: `#/components/responses/${status}` }])),
    },
  }
}

/** Describes routes in OpenAPI 3.1: from the same contracts that check their requests. */
export function openApi(routes: readonly DescribedRoute[], version: string): Json {
  const paths: Record<string, Json> = {}
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) }
  const statuses = [...new Set([...usual, ...routes.flatMap(({ problems }) => problems ?? [])])].sort()
  const responses = statuses.map((status) => [
    status,
    {
      description: STATUS_CODES[status] ?? 'Error',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  ])
  return {
    openapi: '3.1.1',
    info: {
      title: 'Atelier',
      version,
      description:
        'Recognizes pictures; shows runs, searches and data. Errors are problem documents (RFC 9457).',
    },
    servers: [{ url: '/' }],
    paths,
    components: { schemas: { Problem: schemaOf(problemDocument) }, responses: Object.fromEntries(responses) },
  }
}
