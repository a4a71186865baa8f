import { z } from 'zod'
import { InputError } from '../base/errors.ts'
import { numberIn } from '../base/number-in.ts'
import { parse } from '../base/parse.ts'
import {
  type Complete,
  type CompleteKind,
  defaultOf,
  type Given,
  type GivenKind,
  type GivenValue,
  type Kinds,
  type Setting,
  type Settings,
  type Task,
} from './setting.ts'

type Stage = 'given' | 'complete'

function checkOf(setting: Setting, stage: Stage): z.ZodType {
  switch (setting.type) {
    case 'number':
      return numberIn(setting.range)
    case 'boolean':
      return z.boolean()
    case 'word':
      return z.enum(Object.keys(setting.of))
    case 'choice': {
      const kinds = Object.entries(setting.of).map(([kind, { options }]) =>
        z.strictObject({ kind: z.literal(kind), ...shapeOf(options, stage) }),
      )
      return z.discriminatedUnion('kind', kinds as unknown as [z.ZodObject])
    }
    case 'group':
      return z.strictObject(shapeOf(setting.options, stage))
    default:
      return setting satisfies never
  }
}

function shapeOf(settings: Settings, stage: Stage): Record<string, z.ZodType> {
  const optional = (setting: Setting, check: z.ZodType) => {
    if (setting.required) return check
    if (stage === 'given') return check.optional()
    return setting.default === undefined ? check.exactOptional() : check
  }
  return Object.fromEntries(
    Object.entries(settings).map(([key, setting]) => [key, optional(setting, checkOf(setting, stage))]),
  )
}

/** The check of one setting as one writes it. */
export const settingCheck = <S extends Setting>(setting: S) =>
  checkOf(setting, 'given') as z.ZodType<GivenValue<S>, GivenValue<S>>

/** The check of settings as one writes them. */
export const givenCheck = <O extends Settings>(settings: O) =>
  z.strictObject(shapeOf(settings, 'given')) as unknown as z.ZodType<Given<O>, Given<O>>

/** The check of settings with every default filled in. */
export const completeCheck = <O extends Settings>(settings: O) =>
  z.strictObject(shapeOf(settings, 'complete')) as unknown as z.ZodType<Complete<O>, Complete<O>>

function completeValue(setting: Setting, given: unknown, task: Task | undefined): unknown {
  if (setting.type === 'group') return fill(setting.options, given as object, task)
  if (setting.type !== 'choice') return given
  const { kind, ...options } = given as { readonly kind: string }
  return { kind, ...fill(setting.of[kind].options, options, task) }
}

function fill(settings: Settings, given: object, task: Task | undefined): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  for (const [key, setting] of Object.entries(settings)) {
    const value = (given as Record<string, unknown>)[key] ?? defaultOf(setting, task)
    if (value !== undefined) found[key] = completeValue(setting, value, task)
  }
  return found
}

/** Checks what is given and fills in every default; what is complete stays as it is. Throws an InputError that names the setting. */
export function complete<O extends Settings>(settings: O, given: Given<O>, task: Task): Complete<O> {
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(settings, key)) {
      const expected = `one of the settings ${Object.keys(settings).join(', ')}`
      throw new InputError({ at: 'training', expected, received: `"${key}"` })
    }
    if (value !== undefined) parse(checkOf(settings[key], 'given'), value, key)
  }
  return fill(settings, given, task) as Complete<O>
}

/** The kind that is given, with its options' defaults; throws an InputError that names `at` where it cannot be. */
export function readKind<T extends Kinds>(of: T, given: GivenKind<T>, at: string): CompleteKind<T> {
  const choice = { type: 'choice', of, label: at, about: '' } as const
  return completeValue(choice, parse(checkOf(choice, 'given'), given, at), undefined) as CompleteKind<T>
}
