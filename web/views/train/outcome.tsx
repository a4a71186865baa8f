import { hrefOf } from '../../base/router.ts'
import { CommandLine } from '../../parts/command-line.tsx'
import { download } from '../../parts/download.ts'
import { Failure } from '../../parts/states.tsx'
import { training } from '../../training/client.ts'

const OCTETS = 'application/octet-stream'

/** What a training leaves: the hash, the command that repeats it, the model. */
export function Outcome() {
  const { status, outcome, error, events, command, model } = training
  const failed = events.value.find((event) => event.type === 'failed')
  const stopped = events.value.find((event) => event.type === 'stopped')
  const spec = model.value
  if (status.value === 'failed') return <Failure error={error.value ?? 'Training failed.'} />
  if (status.value !== 'ended' || outcome.value === undefined || spec === undefined) return null
  const { file, weightsHash } = outcome.value
  const save = () => download(file, `${spec.name}.safetensors`, OCTETS)
  return (
    <section aria-labelledby="train-outcome">
      <h2 id="train-outcome">Trained network</h2>
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
          <p>This command trains the same network in a terminal, to the same bits:</p>
          <CommandLine text={command.value} label="Command that repeats it" />
        </>
      )}
      <div class="buttons">
        <button type="button" onClick={save}>
          Download the model
        </button>
        <a class="button" href={hrefOf('recognize', { model: 'trained' })}>
          Recognize with it
        </a>
        {command.value.includes('--model own.json') && (
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
