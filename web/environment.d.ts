/** True in the static site, which has no server behind it. */
declare const __SITE__: boolean

/** Whether a network comes with the static site. */
declare const __MODEL__: boolean

declare module 'virtual:theme.css'
