import { join } from 'node:path'
import { watch } from '../../base/watch.ts'
import { chooseBackend } from '../../engine/choose.ts'
import type { AuditFindingsRecord } from '../../experiments/audit/record.ts'
import { AUDIT_FILE } from '../../experiments/audit/record.ts'
import { audit } from '../../experiments/audit/run.ts'
import { auditSettings } from '../../experiments/audit/settings.ts'
import { writeAuditFigures } from '../../experiments/audit/write-figures.ts'
import type { ExperimentEvent } from '../../experiments/experiment.ts'
import { namedNetworks } from '../../model/named.ts'
import { encodeRecord } from '../../record/checksum.ts'
import { writeWhole } from '../../record/files.ts'
import type { SplitDataset } from '../../runs/recorded-run.ts'
import { counted } from '../../visualization/format.ts'
import { describeAudit } from '../audit-text.ts'
import type { Invocation } from '../command.ts'
import { engineChoice } from '../engine-choice.ts'
import { choiceFlag, numberFlag } from '../flags.ts'
import type { Terminal } from '../terminal.ts'
import { showTraining } from '../training-progress.ts'
import { showWork } from '../work-progress.ts'

/** The flags of an audit, read before any data is loaded. */
export function readAuditFlags(flags: Invocation['flags']) {
  const threshold = numberFlag(flags, 'threshold', { least: 0, most: 255, usual: 10 })
  const folds = numberFlag(flags, 'folds', { whole: true, least: 2, most: 100, usual: 5 })
  const epochs = numberFlag(flags, 'epochs', { whole: true, least: 1, usual: 6 })
  const seed = numberFlag(flags, 'seed', { whole: true, least: 0, usual: 1 })
  const network = choiceFlag(flags, 'network', Object.keys(namedNetworks))
  const settings = auditSettings.parse({ threshold, labels: { folds, epochs, seed, network } })
  return { settings, engine: chooseBackend(engineChoice(flags)) }
}

type AuditWishes = ReturnType<typeof readAuditFlags>

/** What an audit says, for `--json` and for a person; undefined where it was interrupted. */
export async function auditData(
  data: SplitDataset,
  { settings, engine }: AuditWishes,
  out: string | undefined,
  { terminal, signal }: Pick<Invocation, 'terminal' | 'signal'>,
) {
  const found = await watch(audit(settings, { data, engine, signal }), showAudit(terminal))
  terminal.clear()
  if (found === undefined) return undefined
  const { record, duplicates, suspects } = found
  const { classNames } = data.dataset
  const { shown: _, ...labels } = record.labels
  const document = {
    settings,
    duplicates: {
      counts: duplicates.counts,
      pairs: duplicates.pairs,
      groups: duplicates.groups,
      nearest: duplicates.nearest,
    },
    labels: { ...labels, suspects },
  }
  const files: string[] = []
  if (out !== undefined) {
    const path = join(out, AUDIT_FILE)
    const findings: AuditFindingsRecord = { dataHash: data.dataset.hash, classNames, ...document }
    await writeWhole(path, encodeRecord({ schemaVersion: 2, ...findings }))
    files.push(path, ...(await writeAuditFigures(record, data.dataset, out)))
  }
  return { document, files, text: describeAudit(found, classNames, terminal) }
}

/** Shows the comparison as a bar, then the epochs of each fold's network. */
function showAudit(terminal: Terminal) {
  const work = showWork(terminal)
  let show: ReturnType<typeof showTraining> | undefined
  let last: string | undefined
  return (event: ExperimentEvent) => {
    if (event.type === 'work') return work(event)
    if (event.name !== last) {
      terminal.note(
        `${last === undefined ? '' : '\n'}${terminal.bold(event.name)}, ${counted(event.epochs, 'epoch')}`,
      )
      show = showTraining(terminal, event.epochs, '  ')
      last = event.name
    }
    show?.(event.event)
  }
}
