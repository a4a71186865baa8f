import './train.css'
import { route, updateQuery } from '../../base/router.ts'
import { isBusy, pause, resume, start, stop, training } from '../../training/client.ts'
import { Curves } from './curves.tsx'
import { DataChoice } from './data-choice.tsx'
import { commandOf, readForm } from './form.ts'
import { Activations, Confusion, Filters } from './insight.tsx'
import { chooseNetwork, NetworkChoice } from './network-choice.tsx'
import { Outcome } from './outcome.tsx'
import { Progress, StatusLine } from './progress.tsx'
import { SettingsForm } from './settings-form.tsx'

/** Choose data, a network and settings, and watch it train. All that is chosen is in the address. */
export default function Train() {
  const { query } = route.value
  const value = (name: string) => query.get(name) ?? ''
  const source = value('data') || 'silhouettes'
  const form = readForm(value)
  const data = training.data.value.type === 'open' ? training.data.value.summary : undefined
  const chosen = chooseNetwork(value, form, data)
  const busy = isBusy()
  const { recipe } = form
  const model = chosen.spec
  const isReady = data !== undefined && recipe !== undefined && model !== undefined
  const run = () => isReady && start({ model, settings: recipe }, commandOf(chosen.name, source, form))
  return (
    <div class="view train">
      <h1>Train</h1>
      <p class="lead">
        A network trains here, in this page, to the same weights as on the command line, bit for bit.
      </p>
      <div class="bench">
        <div class="choices">
          <DataChoice
            source={source}
            validation={form.validation}
            isFixed={busy}
            onChange={(text) => updateQuery({ data: text === 'silhouettes' ? '' : text })}
          />
          <NetworkChoice chosen={chosen} layers={value('layers')} isFixed={busy} onChange={updateQuery} />
          <SettingsForm form={form} value={value} isFixed={busy} onChange={updateQuery} />
        </div>
        <div class="watch">
          <div class="controls">
            {!busy && (
              <button type="button" class="primary" disabled={!isReady} onClick={run}>
                {training.status.value === 'idle' ? 'Train' : 'Train again'}
              </button>
            )}
            {training.status.value === 'running' && (
              <button type="button" onClick={pause}>
                Pause
              </button>
            )}
            {training.status.value === 'paused' && (
              <button type="button" class="primary" onClick={resume}>
                Resume
              </button>
            )}
            {busy && (
              <button type="button" disabled={training.status.value === 'stopping'} onClick={stop}>
                Stop
              </button>
            )}
            <StatusLine />
          </div>
          <Progress />
          {training.status.value === 'idle' && <Waiting isReady={isReady} isWrong={form.errors.size > 0} />}
          <Outcome />
          <Curves />
          {data !== undefined && training.status.value !== 'idle' && (
            <>
              <Filters />
              <Activations summary={data} />
              <Confusion classNames={data.classNames} />
            </>
          )}
        </div>
      </div>
    </div>
  )
}

function Waiting({ isReady, isWrong }: { readonly isReady: boolean; readonly isWrong: boolean }) {
  return (
    <div class="state">
      <p class="state-title">Nothing has been trained yet</p>
      <p>
        {isReady
          ? 'Press Train. Learning curves, filters, activations and the confusion matrix will appear here and update while it trains.'
          : isWrong
            ? 'One of the settings is invalid; it says why.'
            : 'Data and a network that fits it are needed first.'}
      </p>
    </div>
  )
}
