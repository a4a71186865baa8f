/** True in the static site, which has no server behind it. */
declare const __SITE__: boolean

declare module 'virtual:theme.css'
