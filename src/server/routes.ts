import { z } from 'zod'
import { dataRoutes } from './families/data.ts'
import { healthRoutes } from './families/health.ts'
import { recognizeRoutes } from './families/recognize.ts'
import { runRoutes } from './families/runs.ts'
import { searchRoutes } from './families/searches.ts'
import { openApi } from './openapi.ts'
import { json } from './reply.ts'
import { type Route, route } from './route.ts'

/** Every route, with the one that describes them all. A new family is a file and a row here. */
export function allRoutes(version: string): Route[] {
  const routes: Route[] = [...recognizeRoutes, ...runRoutes, ...searchRoutes, ...dataRoutes, ...healthRoutes]
  routes.push(
    route({
      method: 'get',
      path: '/api/openapi.json',
      tag: 'server',
      summary: 'This description',
      answer: { 'application/json': z.looseObject({ openapi: z.string() }) },
      handle: () => json(openApi(routes, version)),
    }),
  )
  return routes
}
