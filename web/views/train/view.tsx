import './train.css'
import { place, remember } from '../../router.ts'
import { begin, goOn, isBusy, pause, stop, training } from '../../training/client.ts'
import { Curves } from './curves.tsx'
import { DataChoice } from './data-choice.tsx'
import { Activations, Confusion, Filters } from './insight.tsx'
import { chooseNetwork, NetworkChoice } from './network-choice.tsx'
import { Outcome } from './outcome.tsx'
import { Progress, StatusLine } from './progress.tsx'
import { SettingsForm } from './settings-form.tsx'
import { lineOf, readWish } from './wish.ts'

/** Writes a change into the address; what is empty is left out. */
function change(changes: Readonly<Record<string, string>>): void {
  const all = { ...Object.fromEntries(place.peek().query), ...changes }
  remember(Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')))
}

/** Choose data, a network and settings, and watch it learn. All that is chosen is in the address. */
export default function Train() {
  const { query } = place.value
  const value = (name: string) => query.get(name) ?? ''
  const source = value('data') || 'silhouettes'
  const wish = readWish(value)
  const data = training.data.value.type === 'here' ? training.data.value.summary : undefined
  const chosen = chooseNetwork(value, wish, data)
  const busy = isBusy()
  const { settings } = wish
  const model = chosen.spec
  const isReady = data !== undefined && settings !== undefined && model !== undefined
  const start = () => isReady && begin({ model, settings }, lineOf(chosen.name, source, wish))
  return (
    <div class="view train">
      <h1>Train</h1>
      <p class="lead">
        A network learns here, in this page. Its weights come out as those of the command line do, to the last
        bit.
      </p>
      <div class="bench">
        <div class="choices">
          <DataChoice
            source={source}
            validation={wish.validation}
            isFixed={busy}
            onChange={(text) => change({ data: text === 'silhouettes' ? '' : text })}
          />
          <NetworkChoice chosen={chosen} layers={value('layers')} isFixed={busy} onChange={change} />
          <SettingsForm wish={wish} value={value} isFixed={busy} onChange={change} />
        </div>
        <div class="watch">
          <div class="controls">
            {!busy && (
              <button type="button" class="primary" disabled={!isReady} onClick={start}>
                {training.status.value === 'idle' ? 'Train' : 'Train anew'}
              </button>
            )}
            {training.status.value === 'running' && (
              <button type="button" onClick={pause}>
                Pause
              </button>
            )}
            {training.status.value === 'paused' && (
              <button type="button" class="primary" onClick={goOn}>
                Go on
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
          {training.status.value === 'idle' && <Waiting isReady={isReady} isWrong={wish.errors.size > 0} />}
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
          ? 'Press Train. The curves, what the first layer looks for and what is taken for what will appear here, and move while it learns.'
          : isWrong
            ? 'One of the settings cannot be; it says why.'
            : 'The data and a network that fits them are needed first.'}
      </p>
    </div>
  )
}
