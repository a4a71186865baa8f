import { CommandLine } from '../../parts/command-line.tsx'
import { download } from '../../parts/download.ts'
import { Failure } from '../../parts/states.tsx'
import { addressOf } from '../../router.ts'
import { training } from '../../training/client.ts'

const OCTETS = 'application/octet-stream'

/** What is left when a training has ended: the hash, the line that repeats it, the model. */
export function Outcome() {
  const { status, outcome, error, events, line, model } = training
  const failed = events.value.find((event) => event.type === 'failed')
  const stopped = events.value.find((event) => event.type === 'stopped')
  const spec = model.value
  if (status.value === 'failed') return <Failure error={error.value ?? 'Training failed.'} />
  if (status.value !== 'ended' || outcome.value === undefined || spec === undefined) return null
  const { file, weightsHash } = outcome.value
  const save = () => download(file, `${spec.name}.safetensors`, OCTETS)
  return (
    <section aria-labelledby="train-outcome">
      <h2 id="train-outcome">What was learned</h2>
      {failed !== undefined && <Failure error={failed.message} />}
      {stopped !== undefined && <p class="note">{stopped.message}</p>}
      <dl class="facts">
        <dt>SHA-256 of the weights</dt>
        <dd>
          <code data-hash>{weightsHash}</code>
        </dd>
      </dl>
      {outcome.value.status === 'finished' && (
        <>
          <p>This line trains the same network in a terminal, to the same bits:</p>
          <CommandLine text={line.value} label="The line that repeats it" />
        </>
      )}
      <div class="buttons">
        <button type="button" onClick={save}>
          Download the model
        </button>
        <a class="button" href={addressOf('recognize', { model: 'trained' })}>
          Recognize with it
        </a>
        {line.value.includes('--model own.json') && (
          <button
            type="button"
            onClick={() => download(JSON.stringify(spec, null, 2), 'own.json', 'application/json')}
          >
            Save the network as own.json
          </button>
        )}
      </div>
    </section>
  )
}
