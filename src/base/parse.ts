import type { z } from 'zod'
import { InputError } from './errors.ts'

type Issue = z.core.$ZodIssue

/** Reads a value by its schema; throws an InputError that names the place within `at`, in words that a user knows. */
export function parse<T>(schema: z.ZodType<T>, value: unknown, at: string, hint?: string): T {
  const parsed = schema.safeParse(value, { reportInput: true })
  if (parsed.success) return parsed.data
  const { path, expected, received } = inWords(parsed.error.issues[0])
  const where = [at, ...(path === '' ? [] : [path])].join(': ')
  throw new InputError({ at: where, expected, received, ...(hint === undefined ? {} : { hint }) })
}

interface Words {
  /** `nodes[1].kind`. */
  readonly path: string
  readonly expected: string
  readonly received: string
}

function inWords(issue: Issue): Words {
  if (issue.code === 'invalid_union') return unionInWords(issue)
  const received =
    issue.code === 'unrecognized_keys' ? issue.keys.map(quoted).join(', ') : spoken(issue.input)
  return { path: pathOf(issue.path), expected: expectation(issue), received }
}

/** Of a union the form that was meant, where one was met; else all forms. */
function unionInWords({ path, errors, ...issue }: Extract<Issue, { code: 'invalid_union' }>): Words {
  const forms = errors.flatMap(([first]) => first ?? [])
  const meant =
    forms.find((form) => form.path.length > 0) ?? forms.find((form) => form.code !== 'invalid_type')
  if (meant !== undefined) {
    const inner = inWords(meant)
    return { ...inner, path: joined(pathOf(path), inner.path) }
  }
  const key = issue.discriminator
  if (key !== undefined) {
    const known = 'options' in issue && issue.options?.map(String).join(', ')
    const received = spoken((issue.input as Record<string, unknown>)[key])
    return { path: pathOf(path), expected: known ? `one of ${known}` : `a known ${key}`, received }
  }
  const expected = forms.map(expectation).join(' or ') || 'another value'
  return { path: pathOf(path), expected, received: spoken(issue.input) }
}

/** What an issue asks for. */
function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return names[issue.expected] ?? `a ${issue.expected}`
    case 'invalid_value':
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.join(', ')}`
    case 'too_small':
      return amount(issue.origin, issue.inclusive === false ? 'above' : 'at least', issue.minimum)
    case 'too_big':
      return amount(issue.origin, issue.inclusive === false ? 'below' : 'at most', issue.maximum)
    case 'unrecognized_keys':
      return 'no other keys'
    default:
      return issue.message
  }
}

const names: Readonly<Record<string, string>> = {
  int: 'a whole number',
  string: 'a text',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  boolean: 'true or false',
}

function amount(origin: string, bound: string, limit: number | bigint): string {
  const things: Readonly<Record<string, string>> = { string: 'characters', array: 'entries' }
  return things[origin] === undefined ? `a number ${bound} ${limit}` : `${bound} ${limit} ${things[origin]}`
}

/** `["nodes", 1, "kind"]` → `nodes[1].kind`. */
const pathOf = (path: readonly PropertyKey[]) =>
  path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : joined(text, String(step))),
    '',
  )

const joined = (a: string, b: string) => (a === '' || b === '' || b.startsWith('[') ? a + b : `${a}.${b}`)

const quoted = (text: string) => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)

/** A value as an error names it. */
function spoken(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'string') return quoted(value)
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  return String(value)
}
