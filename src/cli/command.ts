import type { Terminal } from './terminal.ts'

/** One flag or argument of a command, as commander writes it. */
export interface Flag {
  readonly flags: string
  readonly text: string
}

/** What a command's work is given: positional arguments, flags by name, the screen, and a signal for Ctrl-C. */
export interface Invocation {
  readonly args: readonly string[]
  readonly flags: Readonly<Record<string, string | boolean | undefined>>
  readonly terminal: Terminal
  readonly signal: AbortSignal
  /** What was typed after the program's name. */
  readonly words: readonly string[]
  /** The same as one line, to be repeated. */
  readonly line: string
}

/** Done; or interrupted, with the state kept. Failures are thrown. */
export type Outcome = 'done' | 'interrupted'

/** What a command does, in a module of its own. */
export interface CommandModule {
  run(invocation: Invocation): Promise<Outcome>
}

/** A command as a value: what `--help` shows of it, and the module that is loaded when it runs. */
export interface Command {
  /** Positional arguments as commander writes them: `<run>`, `[source]`, `<runs...>`. */
  readonly args: readonly Flag[]
  readonly summary: string
  readonly flags: readonly Flag[]
  load(): Promise<CommandModule>
}
