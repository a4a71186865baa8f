import type { ComponentType } from 'preact'

/** A view: a page of its own within the page, loaded when it is first asked for. */
export interface View {
  /** Its address: `#/train`. */
  readonly path: string
  readonly title: string
  /** In a few words, for the start and for search engines of a site. */
  readonly about: string
  /** Whether it shows what a server knows; such views are no part of a static site. */
  readonly needsServer: boolean
  load(): Promise<{ readonly default: ComponentType }>
}

const all: readonly View[] = [
  {
    path: 'recognize',
    title: 'Recognize',
    about: 'Show a network a picture, and see its prediction and why.',
    needsServer: false,
    load: () => import('./recognize/view.tsx'),
  },
  {
    path: 'train',
    title: 'Train',
    about: 'Choose data and a network, and watch it train.',
    needsServer: false,
    load: () => import('./train/view.tsx'),
  },
  {
    path: 'runs',
    title: 'Runs',
    about: 'Follow runs while they train, and compare them.',
    needsServer: true,
    load: () => import('./runs/view.tsx'),
  },
  {
    path: 'search',
    title: 'Search',
    about: 'Follow searches, and see which parameters mattered.',
    needsServer: true,
    load: () => import('./search/view.tsx'),
  },
  {
    path: 'data',
    title: 'Data',
    about: 'Explore the images, their classes, duplicates and suspicious labels.',
    needsServer: true,
    load: () => import('./data/view.tsx'),
  },
]

/** The views in the order of the menu; the first is where one arrives. A new one is a folder here and a row above. */
export const views = all.filter(({ needsServer }) => !(__SITE__ && needsServer))
