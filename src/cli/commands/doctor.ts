import type { Command } from '../command.ts'

export const doctorCommand: Command = {
  args: [],
  summary: 'say what this machine is and what Atelier uses of it',
  flags: [],
  load: () => import('./doctor.run.ts'),
}
