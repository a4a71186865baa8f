import { Fragment } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { hrefOf, route } from './base/router.ts'
import { ColorSwitch } from './parts/color-switch.tsx'
import { Lazy } from './parts/lazy.tsx'
import { type View, views } from './views/index.ts'

/** Puts the focus where reading begins when a view is opened, but not when the page is. */
function useArrival(path: string) {
  const main = useRef<HTMLElement>(null)
  const previous = useRef(path)
  useEffect(() => {
    if (previous.current === path) return
    previous.current = path
    scrollTo(0, 0)
    main.current?.focus({ preventScroll: true })
  }, [path])
  return main
}

function Menu({ current }: { readonly current: View | undefined }) {
  return (
    <nav aria-label="Views">
      <ul>
        {views.map(({ path, title }) => (
          <li key={path}>
            <a href={hrefOf(path)} aria-current={current?.path === path ? 'page' : undefined}>
              {title}
            </a>
          </li>
        ))}
        {__SITE__ && (
          <li>
            <a href="./docs/">Documentation</a>
          </li>
        )}
      </ul>
    </nav>
  )
}

/** For addresses that lead nowhere. */
function NotFound() {
  return (
    <div class="view">
      <h1>Nothing here</h1>
      <p>
        This address leads to no view. There are{' '}
        {views.map(({ path, title }, i) => (
          <Fragment key={path}>
            {i > 0 && (i === views.length - 1 ? ' and ' : ', ')}
            <a href={hrefOf(path)}>{title}</a>
          </Fragment>
        ))}
        .
      </p>
    </div>
  )
}

/** The page: its head, its menu and the view that the address names. */
export function App() {
  const { path } = route.value
  const view = path === '' ? views[0] : views.find((each) => each.path === path)
  const main = useArrival(path)
  useEffect(() => {
    document.title = view === undefined ? 'Atelier' : `${view.title} · Atelier`
  }, [view])
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <header class="masthead">
        <a class="wordmark" href={hrefOf('')}>
          Atelier
        </a>
        <Menu current={view} />
        <ColorSwitch />
      </header>
      <main id="main" tabIndex={-1} ref={main}>
        {view === undefined ? <NotFound /> : <Lazy key={view.path} title={view.title} load={view.load} />}
      </main>
    </>
  )
}
