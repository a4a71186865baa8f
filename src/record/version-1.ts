import { z } from 'zod'
import { isObject } from '../base/json.ts'

/**
 * Records of schemaVersion 1 had other names for some keys. Each schema says at its own place which: whoever reads a
 * record, by whatever way, has it in today's names, and nothing else knows that there were others.
 */

/** A schema that reads what is stored under a former name as if it stood under today's. */
export const renamed = <S extends z.ZodType>(schema: S, former: Readonly<Record<string, string>>) =>
  z.preprocess((value) => {
    if (!isObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([name, held]) => [former[name] ?? name, held]))
  }, schema)

/** A schema that reads a record of version 1, brought up to date by `upgrade`, as one of version 2. */
export const upgraded = <S extends z.ZodType>(
  schema: S,
  upgrade: (record: Record<string, unknown>) => Record<string, unknown>,
) =>
  z.preprocess(
    (value) =>
      isObject(value) && value.schemaVersion === 1 ? { ...upgrade(value), schemaVersion: 2 } : value,
    schema,
  )
