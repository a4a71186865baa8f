#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { CommanderError, Command as Program } from 'commander'
import { InputError, messageOf } from '../base/errors.ts'
import type { Command, Invocation, Outcome } from './command.ts'
import { commands } from './commands/index.ts'
import { openTerminal } from './terminal.ts'
import { typedLine } from './typed-line.ts'

/** Exit codes, as the guide documents them. */
const EXIT = { done: 0, failed: 1, input: 2, interrupted: 130 } as const

/** The first Ctrl-C asks the work to end after its step; the second ends the process. */
function interruption(): AbortSignal {
  const controller = new AbortController()
  const stop = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted)
    controller.abort()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return controller.signal
}

/** What `--json` says of a failure: what an error of ours knows, or its message. */
const failureDocument = (error: unknown) => ({
  error: error instanceof InputError ? error.parts : { message: messageOf(error) },
})

async function invoke(
  command: Command,
  args: readonly string[],
  flags: Invocation['flags'],
): Promise<Outcome> {
  const terminal = openTerminal({ json: flags.json === true, quiet: flags.quiet === true })
  const words = process.argv.slice(2)
  const signal = interruption()
  try {
    const { run } = await command.load()
    return await run({ args, flags, terminal, words, line: typedLine(words), signal })
  } catch (error) {
    if (!signal.aborted || (error as Error).name !== 'AbortError') {
      if (!terminal.hasDocument) terminal.document(failureDocument(error))
      throw error
    }
    terminal.note('Interrupted before anything was saved.')
    return 'interrupted'
  } finally {
    terminal.clear()
  }
}

/** Says what a command takes, where it was given more. */
function refuseMore(name: string, { args }: Command, given: readonly string[]) {
  if (args.at(-1)?.flags.includes('...') || given.length <= args.length) return
  throw new InputError({
    at: name,
    expected: args.length === 0 ? 'flags only' : args.map(({ flags }) => flags).join(' '),
    received: given.map((text) => `"${text}"`).join(' '),
    hint: `See: atelier ${name} --help`,
  })
}

function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

function program(onOutcome: (outcome: Outcome) => void): Program {
  const root = new Program('atelier')
    .description(
      'Build, train, compare, tune and ship image classifiers. The same seed gives the same bits everywhere.',
    )
    .version(packageVersion(), '--version', 'print the version')
    .configureOutput({ outputError: () => {} }) // said by `exitCodeOf`
    .exitOverride()
  for (const [name, command] of Object.entries<Command>(commands)) {
    const sub = root.command(name).description(command.summary)
    for (const { flags, text } of command.args) sub.argument(flags, text)
    for (const { flags, text } of command.flags) sub.option(flags, text)
    sub.option('--json', 'write one JSON document to standard output')
    sub.option('--quiet', 'print only results')
    sub.allowExcessArguments()
    sub.action(async () => {
      refuseMore(name, command, sub.args)
      onOutcome(await invoke(command, sub.args, sub.opts()))
    })
  }
  return root
}

/** Commander's words about a line that it cannot read, in one line, with a way to learn more. */
function aboutTheLine({ message }: CommanderError): string {
  const name = process.argv[2]
  const [problem, ...hints] = message.replace(/^error: /, '').split('\n')
  const more = Object.hasOwn(commands, name) ? `atelier ${name} --help` : 'atelier --help'
  return [`${problem}.`, ...hints.map((hint) => hint.replace(/^\((.*)\)$/, '$1')), `See: ${more}`].join(' ')
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.done
    process.stderr.write(`atelier: ${aboutTheLine(error)}\n`)
    return EXIT.input
  }
  const stack = error instanceof Error && process.env.ATELIER_DEBUG ? error.stack : undefined
  process.stderr.write(`atelier: ${stack ?? messageOf(error)}\n`)
  return error instanceof InputError ? EXIT.input : EXIT.failed
}

// A reader that has seen enough (`atelier … | head`) closes the pipe: no reason to complain.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? EXIT.done : EXIT.failed)
})

// One who no longer listens to remarks does not end the work.
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

let outcome: Outcome = 'done'
try {
  const root = program((result) => {
    outcome = result
  })
  if (process.argv.length <= 2) root.outputHelp()
  else await root.parseAsync()
  process.exitCode = EXIT[outcome]
} catch (error) {
  process.exitCode = exitCodeOf(error)
}
