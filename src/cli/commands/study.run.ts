import { InputError } from '../../base/errors.ts'
import { parse } from '../../base/parse.ts'
import { watch } from '../../base/watch.ts'
import { loadTypst } from '../../document/to-pdf.ts'
import { chooseBackend } from '../../engine/choose.ts'
import { readJson } from '../../record/read-json.ts'
import type { StudyPlan } from '../../study/plan.ts'
import { checkPlan, studyPlan } from '../../study/plan.ts'
import { profile } from '../../study/profiles.ts'
import { writePdf, writeReport } from '../../study/report/report.ts'
import type { StudyEvent } from '../../study/study.ts'
import { study } from '../../study/study.ts'
import type { Invocation, Outcome } from '../command.ts'
import { loadForStudy } from '../data.ts'
import { engineChoice } from '../engine-choice.ts'
import { textFlag } from '../flags.ts'
import { newDirectory } from '../run-directory.ts'
import type { Terminal } from '../terminal.ts'
import { showTraining } from '../training-progress.ts'
import { openTuneProgress } from '../tune-progress.ts'
import { showWork } from '../work-progress.ts'

/** Shows a study's events. */
function showStudy(terminal: Terminal) {
  let show: ReturnType<typeof showTraining> | undefined
  const work = showWork(terminal)
  let searching: ReturnType<typeof openTuneProgress> | undefined
  return (event: StudyEvent) => {
    switch (event.type) {
      case 'explored':
        terminal.note(event.balance)
        break
      case 'stage':
        searching?.close()
        searching = undefined
        terminal.note(`\n${terminal.bold(`${event.number} of ${event.of}  ${event.title}`)}`)
        break
      case 'network':
        terminal.note(`\n${terminal.bold(event.name)}, ${event.epochs} epochs`)
        show = showTraining(terminal, event.epochs, '  ')
        break
      case 'run':
        show?.(event.event)
        break
      case 'tested':
        terminal.note(
          `  test: loss ${event.loss.toFixed(4)}, accuracy ${(100 * event.accuracy).toFixed(2)} %`,
        )
        break
      case 'search':
        searching?.close()
        searching = openTuneProgress(terminal, event.trials)
        break
      case 'trial':
        searching?.show(event.event)
        break
      case 'work':
        work(event)
        break
      case 'known':
        terminal.note(`  ${event.name} is already in the record`)
        break
      default:
        event satisfies never
    }
  }
}

/** A plan that ships, or one from a file. */
async function readPlan(name: string, wanted: string | undefined): Promise<StudyPlan> {
  if (name === 'fashion-mnist') return profile(wanted ?? 'quick')
  if (!name.endsWith('.json')) {
    const expected = 'fashion-mnist, or a JSON file with a plan'
    const hint = 'Other data are named with --data; --print-plan prints a plan to start from.'
    throw new InputError({ at: 'study', expected, received: `"${name}"`, hint })
  }
  if (wanted !== undefined) {
    throw new InputError({
      at: '--profile',
      expected: 'a built-in study',
      received: name,
      hint: 'Leave this flag out.',
    })
  }
  return checkPlan(parse(studyPlan, await readJson(name, 'a plan'), name))
}

export async function run({
  args: [name = 'fashion-mnist'],
  flags,
  terminal,
  signal,
  line,
}: Invocation): Promise<Outcome> {
  const plan = await readPlan(name, textFlag(flags, 'profile'))
  if (flags.printPlan === true) {
    process.stdout.write(`${JSON.stringify(plan, null, 2)}\n`)
    return 'done'
  }
  const resume = flags.resume === true
  if (resume && textFlag(flags, 'out') === undefined) {
    throw new InputError({
      at: '--resume',
      expected: '--out with the directory of the study',
      received: 'none',
    })
  }
  if (flags.pdf === true) await loadTypst() // rather than after hours of training
  const engine = chooseBackend(engineChoice(flags))
  const out = textFlag(flags, 'out')
  const directory = resume ? out! : await newDirectory(out, `study-${plan.profile}`)
  const { data, isSubstitute } = await loadForStudy(textFlag(flags, 'data'), terminal, signal, {
    validation: plan.validation,
    seed: plan.seed,
  })
  const { train, test, title, hash } = data.dataset
  const about = { directory, profile: plan.profile, data: { title, hash, isSubstitute } }
  terminal.note(
    `${title}: ${train.count.toLocaleString('en-US')} + ${test.count.toLocaleString('en-US')} images; ` +
      `${engine.backend.name} (${engine.backend.variant}), ${engine.arithmetic}, ${engine.threads} threads`,
  )
  const { record, interrupted } = await watch(
    study({ plan, data, isSubstitute, engine, directory, resume, command: line, signal }),
    showStudy(terminal),
  )
  if (record === undefined) {
    terminal.document({ ...about, status: 'interrupted', report: null, networks: [] })
    terminal.print(`Interrupted before the first network finished; partial results are in ${directory}.`)
    return 'interrupted'
  }
  terminal.progress('Drawing the report…')
  const paths = await writeReport(record, directory, data.dataset)
  const pdf = flags.pdf === true ? await writePdf(record, directory, data.dataset) : undefined
  terminal.document({
    ...about,
    status: interrupted ? 'interrupted' : 'finished',
    report: paths.html,
    pdf: pdf ?? null,
    networks: record.networks.map(({ name, parameters, test: tested, seconds, weightsHash, reference }) => ({
      name,
      parameters,
      test: tested && { loss: tested.loss, accuracy: tested.accuracy },
      reference: reference ?? null,
      seconds,
      weightsHash,
    })),
  })
  terminal.print(
    `${interrupted ? 'Interrupted; the report covers the networks that finished.\n' : ''}` +
      `\nThe report: ${paths.html}\nFor a repository: ${paths.markdown}${pdf === undefined ? '' : `\nThe paper: ${pdf}`}`,
  )
  return interrupted ? 'interrupted' : 'done'
}
