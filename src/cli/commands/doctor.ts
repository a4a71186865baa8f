import type { Command } from '../command.ts'

export const doctorCommand: Command = {
  args: [],
  summary: 'report what this machine offers and what Atelier uses',
  flags: [],
  load: () => import('./doctor.run.ts'),
}
