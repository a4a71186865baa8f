import { type Html, html, raw } from '../visualization/html.ts'
import { spriteElement } from '../visualization/image-grid.ts'
import { serialize } from '../visualization/serialize.ts'
import type { CellStore } from './document.ts'

const SPRITE = 'cell-sprite'

/** What a page needs so that its figures answer: the images behind the cells, a dialog to show them in, and the script. */
export function interaction(store: CellStore | undefined, dom: Document): Html {
  if (store === undefined) return html`<script>${raw(script)}</script>`
  const { sprite, url, indices, figures } = store
  const data = { columns: sprite.columns, tile: [sprite.tile.width, sprite.tile.height], indices, figures }
  return html`<svg class="store" aria-hidden="true">${raw(serialize(spriteElement(dom, { id: SPRITE, sprite, url })))}</svg>
<dialog id="cell" aria-labelledby="cell-title"><h3 id="cell-title"></h3><ul class="tiles" style="--tile:72px;--columns:6"></ul><form method="dialog"><button>Close</button></form></dialog>
<script type="application/json" id="cell-data">${raw(JSON.stringify(data).replaceAll('<', '\\u003c'))}</script>
<script>${raw(script)}</script>`
}

/**
 * Without it a page shows everything but the images behind the cells, and names come as tooltips. With it, one Tab stop a
 * figure; arrows go from cell to cell and from curve to curve, Enter opens a cell's images, Escape closes them.
 */
const script = `
{const $=(s,e=document)=>[...e.querySelectorAll(s)],NS='http://www.w3.org/2000/svg',titleOf=e=>e.querySelector('title')?.textContent??'';
addEventListener('beforeprint',()=>{for(const d of $('details:not([open])')){d.open=true;d.dataset.folded=''}});
addEventListener('afterprint',()=>{for(const d of $('[data-folded]')){d.open=false;delete d.dataset.folded}});
const roving=(items,next)=>{items.forEach((e,i)=>{e.setAttribute('tabindex',i?-1:0);
 e.addEventListener('focus',()=>{for(const o of items)o.setAttribute('tabindex',o===e?0:-1)});
 e.addEventListener('keydown',k=>{const to=next(e,k.key);if(to){k.preventDefault();to.focus()}})})};
const store=document.getElementById('cell-data'),data=store&&JSON.parse(store.textContent),dialog=document.getElementById('cell');
const show=(title,places)=>{const [w,h]=data.tile,list=$('ul',dialog)[0];list.replaceChildren(...places.map(p=>{
 const li=document.createElement('li'),svg=document.createElementNS(NS,'svg'),use=document.createElementNS(NS,'use'),text=document.createElement('span');
 svg.setAttribute('viewBox',[p%data.columns*w,Math.floor(p/data.columns)*h,w,h].join(' '));svg.setAttribute('aria-hidden','true');
 use.setAttribute('href','#${SPRITE}');svg.append(use);text.textContent='test image '+data.indices[p];li.append(svg,text);return li}));
 document.getElementById('cell-title').textContent=title;dialog.showModal()};
dialog?.addEventListener('click',e=>{if(e.target===dialog)dialog.close()});
let hinted=false;
for(const [id,cells] of Object.entries(data?.figures??{})){const figure=document.getElementById(id),svg=figure&&$('svg',figure)[0];if(!svg)continue;
 const all=$('g[data-mark="cell"] rect',svg),n=Math.round(Math.sqrt(all.length)),open=new Map();
 all.forEach((r,i)=>{const at=cells[Math.floor(i/n)+','+i%n];if(at)open.set(r,{at,x:i%n,y:Math.floor(i/n)})});
 if(!open.size)continue;svg.setAttribute('role','group');svg.classList.add('answers');
 if(!hinted){hinted=true;figure.closest('section')?.querySelector('p')?.append(' Choose a cell to see its images: by pointer, or with the arrow keys and Enter.')}
 for(const [r,{at}] of open){const t=titleOf(r),name=t+(t.endsWith('.')?' ':'. ');r.setAttribute('role','button');r.setAttribute('aria-haspopup','dialog');
  r.setAttribute('aria-label',name+'Show images');const go=()=>show(t,at);r.addEventListener('click',go);
  r.addEventListener('keydown',k=>{if(k.key==='Enter'||k.key===' '){k.preventDefault();go()}})}
 roving([...open.keys()],(r,key)=>{const d={ArrowLeft:[-1,0],ArrowRight:[1,0],ArrowUp:[0,-1],ArrowDown:[0,1]}[key],from=open.get(r);if(!d)return;
  const ahead=o=>(o.x-from.x)*d[0]+(o.y-from.y)*d[1],aside=o=>Math.abs((o.x-from.x)*d[1])+Math.abs((o.y-from.y)*d[0]);
  return [...open].filter(([,o])=>ahead(o)>0).sort(([,a],[,b])=>ahead(a)+3*aside(a)-ahead(b)-3*aside(b))[0]?.[0]})}
const tip=document.createElement('div');tip.className='tip';tip.setAttribute('aria-hidden','true');tip.hidden=true;document.body.append(tip);
const tell=(text,x,y)=>{tip.textContent=text;tip.hidden=false;const {width,height}=tip.getBoundingClientRect();
 tip.style.left=Math.max(4,Math.min(innerWidth-width-4,x+12))+'px';tip.style.top=Math.max(4,y-height-10)+'px'},hush=()=>{tip.hidden=true};
for(const svg of $('figure svg[role]')){const lines=$('g[data-mark="line"] path',svg).filter(titleOf);if(!lines.length)continue;
 svg.setAttribute('role','group');svg.classList.add('answers');
 const hits=lines.map(path=>{const text=titleOf(path),hit=path.cloneNode(false);path.querySelector('title').remove();
  hit.setAttribute('class','hit');hit.setAttribute('role','img');hit.setAttribute('aria-label',text);path.parentNode.append(hit);
  const on=()=>{for(const o of lines)o.classList.toggle('faded',o!==path);path.classList.add('named')},
  off=()=>{hush();for(const o of lines)o.classList.remove('faded','named')};
  hit.addEventListener('pointermove',e=>{on();tell(text,e.clientX,e.clientY)});hit.addEventListener('pointerleave',off);
  hit.addEventListener('focus',()=>{on();const b=hit.getBoundingClientRect();tell(text,b.left+b.width/2,b.top)});hit.addEventListener('blur',off);return hit});
 roving(hits,(h,key)=>hits[hits.indexOf(h)+({ArrowDown:1,ArrowRight:1,ArrowUp:-1,ArrowLeft:-1}[key]||1e9)])}
for(const svg of $('figure svg[role]')){const groups=$('g[data-mark^="class "]',svg);if(!groups.length)continue;
 svg.setAttribute('role','group');svg.classList.add('answers');
 for(const g of groups){const text=g.dataset.mark.slice(6),names=new Map($('path,circle',g).map(d=>{const name=titleOf(d);d.querySelector('title')?.remove();return [d,name]}));
  g.setAttribute('role','img');g.setAttribute('aria-label',text);
  const on=()=>{for(const o of groups)o.classList.toggle('faded',o!==g)},off=()=>{hush();for(const o of groups)o.classList.remove('faded')};
  g.addEventListener('pointermove',e=>{on();tell(names.get(e.target)||text,e.clientX,e.clientY)});g.addEventListener('pointerleave',off);
  g.addEventListener('focus',()=>{on();const b=g.getBoundingClientRect();tell(text,b.left+b.width/2,b.top)});g.addEventListener('blur',off)}
 roving(groups,(g,key)=>groups[groups.indexOf(g)+({ArrowDown:1,ArrowRight:1,ArrowUp:-1,ArrowLeft:-1}[key]||1e9)])}
addEventListener('keydown',e=>{if(e.key==='Escape')hush()})}
`
