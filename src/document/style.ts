import { dark, light, sans, type Theme, themeVariables } from '../visualization/theme.ts'

const variables = (theme: Theme) =>
  themeVariables(theme)
    .map(([name, value]) => `${name}:${value}`)
    .join(';')

/** The theme's colors as CSS variables: those of the system, unless `data-theme` on the root says `light` or `dark`. */
export const themeStyle = () => `
:root{color-scheme:light;${variables(light)}}
@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;${variables(dark)}}}
@media screen{:root[data-theme=dark]{color-scheme:dark;${variables(dark)}}}
`

/** The style sheet of a report: paper first, then screens in the dark, then small screens and print. */
export const style = () => `${themeStyle()}${page}${text}${figures}${answers}${tables}${narrow}${print}`

const page = `
*{box-sizing:border-box}
html{background:var(--paper);color:var(--ink);-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;font:1.0625rem/1.6 Charter,"Bitstream Charter","Sitka Text",Cambria,Georgia,"DejaVu Serif",serif;--measure:42rem;--sans:${sans}}
.page{max-width:62rem;margin:0 auto;padding:4.5rem 1.5rem 6rem}
header{margin-bottom:2.5rem}
nav{font:.8125rem/1.5 var(--sans)}
nav ol{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.25rem 1.4rem}
nav a{color:var(--muted);text-decoration:none}
nav a:hover,nav a:focus-visible{color:var(--accent);text-decoration:underline}
nav span{color:var(--muted);font-variant-numeric:tabular-nums;margin-right:.5em}
@media screen and (min-width:84rem){
.page{margin-left:max(16rem,calc(50vw - 29rem));margin-right:auto}
nav{position:fixed;top:4.9rem;left:max(2rem,calc(50vw - 42rem));width:12rem}
nav ol{flex-direction:column;gap:.45rem}}
`

const text = `
h1{font-size:2.35rem;line-height:1.15;font-weight:600;letter-spacing:-.012em;margin:0 0 .5rem;max-width:20em;overflow-wrap:anywhere;text-wrap:balance}
.subtitle{font:.875rem/1.5 var(--sans);color:var(--muted);margin:0 0 1.75rem;overflow-wrap:anywhere}
section{margin-top:4rem}
section:first-of-type{margin-top:2rem}
h2{font-size:1.45rem;line-height:1.25;font-weight:600;margin:0 0 1rem;padding-top:1rem;border-top:1px solid var(--rule)}
h2 span{color:var(--muted);font-weight:400;margin-right:.7em;font-variant-numeric:lining-nums}
p{max-width:var(--measure);margin:0 0 1.1rem;overflow-wrap:break-word;hanging-punctuation:first;text-wrap:pretty}
a{color:var(--accent);text-decoration-thickness:1px;text-underline-offset:.18em}
strong{font-weight:650}
code,pre{font-family:ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.82em}
p code,figcaption code{background:var(--wash);padding:.1em .3em;border-radius:3px;overflow-wrap:anywhere}
pre{background:var(--wash);margin:0 0 1.4rem;padding:.9rem 1.1rem;border-radius:4px;overflow-x:auto;line-height:1.5;font-size:.8125rem}
pre code{font-size:inherit}
.command pre{white-space:pre-wrap;overflow-wrap:anywhere;border-left:3px solid var(--accent);border-radius:0 4px 4px 0}
.note,.warning{max-width:calc(var(--measure) + 1.5rem);border-left:3px solid var(--rule);padding:.1rem 0 .1rem 1.3rem;margin:0 0 1.4rem;font-size:.97rem}
.warning{border-color:var(--series-0);background:var(--wash);padding:.75rem 1.2rem;font:.9rem/1.5 var(--sans)}
.note p,.warning p{margin:0}
details{margin:0 0 .4rem}
summary{font:.875rem/1.5 var(--sans);color:var(--accent);cursor:pointer;padding:.25rem 0}
details[open]{margin-bottom:1.5rem}
details[open]>summary{margin-bottom:.6rem}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
`

const figures = `
figure{margin:2.2rem 0 2.6rem}
figcaption,caption{font:.8438rem/1.5 var(--sans);color:var(--muted);text-align:left;max-width:46rem;overflow-wrap:break-word}
figcaption{margin-top:.9rem}
figcaption b,caption b{color:var(--ink);font-weight:600;margin-right:.35em}
.panels{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20.5rem),1fr));gap:1.6rem 1.5rem}
.panels.one{grid-template-columns:minmax(0,1fr)}
.panels.three{grid-template-columns:repeat(auto-fit,minmax(min(100%,17rem),1fr))}
.panels>svg{width:100%;max-width:38rem;height:auto}
.panels.one>svg,.wide>svg,.narrow>svg{width:auto;max-width:100%;height:auto}
.narrow{display:none}
.gallery{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,27rem),1fr));gap:1rem 2rem}
.gallery.large{grid-template-columns:1fr}
.gallery figure{margin:1rem 0}
.tiles{display:grid;width:100%;grid-template-columns:repeat(auto-fill,minmax(var(--tile),1fr));gap:.8rem .7rem;margin:0;padding:0;list-style:none;font:.6875rem/1.3 var(--sans);text-align:center}
.tiles svg{display:block;width:100%;height:auto;background:#000;border-radius:2px}
.tiles span{display:block;overflow-wrap:anywhere;overflow:hidden;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2}
.tiles svg+span{margin-top:.3rem}
.tiles span+span{color:var(--muted)}
.store{position:absolute;width:0;height:0}
`

const answers = `
@media screen{
svg.answers [role=button]{cursor:pointer}
svg.answers [role=button]:hover{stroke:var(--ink);stroke-width:1.5}
svg.answers [role=button]:focus-visible{outline:none;stroke:var(--ink);stroke-width:3}
.hit{stroke:transparent!important;stroke-width:14;stroke-dasharray:none;fill:none;pointer-events:stroke}
.hit:focus,.hit:focus-visible{outline:none}
path.faded,g.faded{opacity:.16}
path.named{stroke-width:3.25}
.tip{position:fixed;z-index:1;pointer-events:none;max-width:20rem;background:var(--ink);color:var(--paper);font:.8125rem/1.4 var(--sans);padding:.3rem .6rem;border-radius:3px}
dialog{border:1px solid var(--rule);border-radius:6px;padding:1.3rem 1.5rem;width:min(40rem,calc(100vw - 2rem));background:var(--paper);color:var(--ink)}
dialog::backdrop{background:rgb(0 0 0/.4)}
dialog h3{font:600 1rem/1.4 var(--sans);margin:0 0 1rem}
dialog .tiles{grid-template-columns:repeat(auto-fill,minmax(var(--tile),1fr))}
dialog button{font:.875rem/1 var(--sans);margin-top:1.1rem;padding:.5rem 1.1rem;color:var(--ink);background:var(--wash);border:1px solid var(--muted);border-radius:4px;cursor:pointer}}
.tip[hidden]{display:none}
@media print{.tip,dialog,.hit{display:none}}
`

const tables = `
@media screen and (min-width:50rem){.tiles{grid-template-columns:repeat(var(--columns),1fr)}}
.table{margin:1.8rem 0 2.2rem}
.scroll{overflow-x:auto;max-width:100%}
@media screen{.scroll{background:linear-gradient(to left,var(--paper) 30%,transparent) right/3rem 100% no-repeat local,linear-gradient(to left,color-mix(in srgb,var(--ink) 18%,transparent),transparent) right/1rem 100% no-repeat scroll}}
table{border-collapse:separate;border-spacing:0;font:.8438rem/1.45 var(--sans);font-variant-numeric:tabular-nums lining-nums}
.table figcaption{margin:0 0 .6rem}
th,td{padding:.42rem 1.5rem .42rem 0;text-align:left;vertical-align:baseline;font-weight:400;border-bottom:1px solid var(--rule)}
th:last-child,td:last-child{padding-right:0}
th.right,td.right{text-align:right;white-space:nowrap}
thead th{color:var(--muted);vertical-align:bottom;white-space:normal;border-bottom:1px solid var(--muted)}
thead th.right{white-space:normal;max-width:6.5rem}
td.left,th.left{overflow-wrap:break-word;max-width:32rem;min-width:4rem}
th.short{white-space:nowrap}
th[scope=row]:not(.short){min-width:11rem}
th:first-child{position:sticky;left:0;background:var(--paper)}
td code{overflow-wrap:anywhere}
tr.highlight>*{font-weight:650;background:var(--wash)}
tbody tr:last-child>*{border-bottom-color:var(--muted)}
`

const narrow = `
@media screen and (max-width:40rem){
.wide{display:none}.narrow{display:block}
body{font-size:1rem}
.page{padding:2rem 1.1rem 4rem}
h1{font-size:1.75rem}
section{margin-top:3rem}
th,td{padding-right:1rem}
.tiles{gap:.6rem .5rem}
pre{font-size:.6875rem;padding:.7rem .8rem}}
`

const print = `
@page{size:A4;margin:17mm 16mm 18mm}
@media print{
:root{--paper:#fff}
.tiles{grid-template-columns:repeat(var(--columns),1fr)}
html{font-size:9.6pt}
body{line-height:1.45}
.page{max-width:none;padding:0}
nav{display:none}
a{color:inherit;text-decoration:none}
section{margin-top:1.6rem}
h2,summary,.table figcaption{break-after:avoid}
figure.tight,.table,pre,.note,.warning,.tiles li,.panels>svg,.gallery figure,tr{break-inside:avoid}
p{orphans:3;widows:3}
figcaption{break-inside:avoid}
figure:not(.table)>figcaption{break-before:avoid}
figure{margin:1.2rem 0 1.4rem}
.gallery{grid-template-columns:1fr 1fr;gap:.4rem 1.4rem}
.panels{gap:.7rem 1.4rem;grid-template-columns:1fr 1fr}
.panels.three{grid-template-columns:repeat(3,1fr)}
details::details-content{content-visibility:visible;block-size:auto;display:block}
details>summary{list-style:none;color:var(--ink)}
summary::-webkit-details-marker{display:none}
.scroll{overflow:visible}
table{font-size:.78rem}
th,td{padding:.28rem .9rem .28rem 0}
pre{white-space:pre-wrap;font-size:.72rem}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
`
