const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["assets/math-daa2d5db.css"])))=>i.map(i=>d[i]);
function e(e,t={},...n){let r=document.createElement(e);for(let[e,n]of Object.entries(t))e===`onclick`?r.addEventListener(`click`,n):r.setAttribute(e,String(n));return r.append(...n.filter(e=>!!e||e===``)),r}function t(t,n,r={}){let i=e(`button`,{onclick:n,...r},t);return i.type=`button`,i}function n(e){let t=document.getElementById(e);if(!t)throw Error(`the page has no #${e}`);return t}var r=class{digits;constructor(e){this.digits=e}};function i(e){return JSON.parse(e,(e,t,n)=>typeof t==`number`&&n?.source!==void 0&&o(t,n.source)?new r(n.source):t)}function a(e,t=``,n=``){if(e instanceof r)return e.digits;if(typeof e!=`object`||!e)return JSON.stringify(e);let i=Array.isArray(e)?e.map(e=>a(e,t,n+t)):Object.entries(e).map(([e,r])=>`${JSON.stringify(e)}: ${a(r,t,n+t)}`),[o,s]=Array.isArray(e)?`[]`:`{}`;if(i.length===0)return`${o}${s}`;if(t===``)return`${o}${i.join(`, `)}${s}`;let c=`\n${n}${t}`;return`${o}${c}${i.join(`,${c}`)}\n${n}${s}`}function o(e,t){return/^-?[0-9]+$/.test(t)&&!Number.isSafeInteger(e)}var s=(function(){let e=typeof document<`u`&&document.createElement(`link`).relList;return e&&e.supports&&e.supports(`modulepreload`)?`modulepreload`:`preload`})(),c=function(e){return`/`+e},l={},u=function(e){return e.pathname.endsWith(`.css`)},d=function(e,t,n){if(t in e)return e[t];let r=n();if(!r){e[t]=void 0;return}let i=r.then(()=>{e[t]=void 0},n=>{throw e[t]=void 0,n});return e[t]=i,i},f=function(e,t,n){let r=Promise.resolve();if(t&&t.length>0){let e,i=document.querySelector(`meta[property=csp-nonce]`),a=i?.nonce||i?.getAttribute(`nonce`);function o(e){return Promise.all(e.map(e=>Promise.resolve(e).then(e=>({status:`fulfilled`,value:e}),e=>({status:`rejected`,reason:e}))))}function f(e){return import.meta.resolve?new URL(import.meta.resolve(e)):new URL(e,import.meta.url)}r=o(t.map(t=>{t=c(t,n);let r=f(t),i=u(r);return d(l,r.href,()=>{if(e===void 0){e={all:new Set,styles:new Set};let t=document.getElementsByTagName(`link`);for(let n=t.length-1;n>=0;n--){let r=t[n];e.all.add(r.href),r.rel===`stylesheet`&&e.styles.add(r.href)}}if((i?e.styles:e.all).has(r.href))return;let t=document.createElement(`link`);if(t.rel=i?`stylesheet`:s,i||(t.as=`script`),t.crossOrigin=``,t.href=r.href,a&&t.setAttribute(`nonce`,a),document.head.appendChild(t),i)return new Promise((e,n)=>{let i=a=>{t.removeEventListener(`load`,i),t.removeEventListener(`error`,i),a.type===`error`?n(Error(`Unable to preload CSS for ${r}`)):e(a)};t.addEventListener(`load`,i),t.addEventListener(`error`,i)})})}).filter(e=>e!==void 0))}function i(e){let t=new Event(`vite:preloadError`,{cancelable:!0});if(t.payload=e,window.dispatchEvent(t),!t.defaultPrevented)throw e}return r.then(t=>{for(let e of t||[])e.status===`rejected`&&i(e.reason);return e().catch(i)})};async function ee(e){let{formula:t}=await f(async()=>{let{formula:e}=await import(`./math-66a17f35.js`);return{formula:e}},__vite__mapDeps([0]));return t(e)}async function te(t){let{blocks:n}=await f(async()=>{let{blocks:e}=await import(`./markdown-f7750e48.js`);return{blocks:e}},[]),r=n(t);return r&&e(`div`,{class:`markdown`},...r.map(ne))}function ne(t){if(typeof t==`string`)return t;let{tag:n,children:r,align:i,start:a}=t,o=e(n,n===`pre`?{tabindex:0,role:`group`,"aria-label":`Code`}:i?{class:i}:{},...r.map(ne));return a!==void 0&&o.setAttribute(`start`,String(a)),o}var re=[[/<tr[\s>]/gi,26],[/<caption[\s>]/gi,21],[/<(?:p|ul|ol|blockquote|pre|figure)[\s>]/gi,34],[/<(?:li|dt|dd|br|div|option)[\s/>]/gi,21],[/<h[1-6][\s>]/gi,58],[/<(?:hr|summary|button|input|select)[\s/>]/gi,26]],ie=200,ae=80,oe=21,se=36,ce=60,le=1e4;function ue(e){if(e.length>le)return 440;let t=e.replaceAll(/<!--.*?-->|<(style|script|head|title|template)[\s>].*?<\/\1>/gis,``),n=se;for(let[e,r]of re)n+=r*(t.match(e)?.length??0);for(let[e]of t.matchAll(/<(?:img|svg|canvas|video|iframe)[\s>][^>]*/gi)){let t=/\sheight\s*[=:]\s*["']?(\d{1,5})/i.exec(e)?.[1];n+=t===void 0?ie:Number(t)+8}let r=t.replaceAll(/<table.*?<\/table>/gis,``).replaceAll(/<pre.*?<\/pre>/gis,``).replaceAll(/<[^>]*>/g,``);n+=Math.ceil(r.replaceAll(/\s+/g,` `).trim().length/ae)*oe;for(let[e]of t.matchAll(/<pre.*?<\/pre>/gis))n+=e.split(`
`).length*oe;return Math.min(440,Math.max(ce,Math.round(n)))}var de=globalThis.trustedTypes?.createPolicy(`belljar-frame`,{createHTML:e=>e}),fe=`:root{color-scheme:light dark}body{margin:8px;font:14px/1.45 system-ui,sans-serif}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{border:1px solid #8886;padding:2px 8px;text-align:right}th{font-weight:600}
img,svg{max-width:100%}pre{white-space:pre-wrap}`;function pe(e){let t=`<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:"><style>${fe}</style></head><body>${e}`;return de?de.createHTML(t):t}async function p(e,t){let r=n(`status`);try{return await navigator.clipboard.writeText(e),r.textContent=`${t} copied.`,!0}catch{return r.textContent=`The browser does not let this page copy; ${t.toLowerCase()} was not copied.`,!1}}function m(e,n){return t(`Copy`,()=>void p(e(),n),{"aria-label":`Copy ${n.toLowerCase()}`})}var h=class{#e;constructor(e){this.#e=n(e)}clear(){this.#e.hidden=!0,this.#e.replaceChildren()}show(t,n,...r){let i=e(`div`,{class:`panel-head`},e(`h2`,{},t),e(`div`,{class:`panel-tools`},...n));this.#e.replaceChildren(i,...r),this.#e.hidden=!1}},me=100,he=2,ge=30;function g(t){return e(`div`,{class:`tree`},_(t,0,null))}function _(t,n,r){let i=r===null?null:e(`span`,{class:`json-name`},r,`: `);if(!y(t))return e(`div`,{class:`leaf`},i,_e(t));let o=Array.isArray(t),s=o?t.map((e,t)=>[String(t),e]):Object.entries(t),c=`${s.length} ${o?`item`:`member`}${s.length===1?``:`s`}`;if(s.length===0)return e(`div`,{class:`leaf`},i,o?`[]`:`{}`);let l=a(o?t.slice(0,8):Object.fromEntries(s.slice(0,8))),u=e(`details`,{},e(`summary`,{},i,e(`span`,{class:`json-count`},`${o?`[…]`:`{…}`} ${c} `),e(`span`,{class:`json-preview`},l.length>60?`${l.slice(0,60)}…`:l))),d=()=>{u.childElementCount===1&&u.append(v(s,n+1,0))};return u.addEventListener(`toggle`,d),n<he&&s.length<=ge&&(u.open=!0,d()),u}function v(n,r,i){let a=n.slice(i,i+me),o=e(`div`,{class:`children`},...a.map(([e,t])=>_(t,r,e))),s=n.length-i-a.length;if(s>0){let e=t(`${s} more`,()=>e.replaceWith(v(n,r,i+me)));o.append(e)}return o}function _e(t){let n=t===null?`null`:t instanceof r?`number`:typeof t,i=t instanceof r?t.digits:JSON.stringify(t);return e(`span`,{class:`json-${n}`},i)}function y(e){return typeof e==`object`&&!!e&&!(e instanceof r)}var ve=class{#e=new h(`display`);#t=e(`div`,{class:`items`});#n=0;clear(){this.#t=e(`div`,{class:`items`}),this.#n=0,this.#e.clear()}add(e){this.#n===0&&this.#e.show(`Display`,[],this.#t),this.#n+=1,this.#t.append(ye(e,this.#n))}get count(){return this.#n}truncated(){this.#n===0&&this.#e.show(`Display`,[],this.#t),this.#t.append(e(`p`,{class:`cut`},`More was displayed than the server keeps; the rest is left out.`))}};function ye(e,t){let n=e.mime.split(`;`)[0]?.trim().toLowerCase()??``,r=e.alt??`Displayed item ${t}, ${n}`,i=typeof e.data==`string`?e.data:a(e.data,`  `);switch(n){case`image/png`:case`image/jpeg`:case`image/gif`:case`image/webp`:return be(`data:${n};base64,${i.replaceAll(/\s/g,``)}`,r);case`image/svg+xml`:return be(`data:image/svg+xml,${encodeURIComponent(i)}`,r);case`text/html`:return Ce(i,r,t);case`application/json`:return g(Te(e.data));case`text/latex`:return Se(`Formula`,i,ee(i));case`text/markdown`:return Se(`Markdown`,i,te(i));default:return xe(n,i)}}function be(t,n){let r=e(`img`);return r.src=t,r.alt=n,e(`figure`,{},r)}function xe(t,n){let r=e(`pre`,{tabindex:0,role:`group`,"aria-label":`Displayed text, ${t}`},n);return t===`text/plain`?r:e(`div`,{},b(t,m(()=>n,`Text`)),r)}function Se(t,n,r){let i=m(()=>n,`Source`),a=e(`pre`,{tabindex:0,role:`group`,"aria-label":`Source of the ${t.toLowerCase()}`},n),o=e(`div`,{},b(`${t}, as source`,i),a);return r.then(n=>{if(!n)return;let r=e(`div`,{class:`set`,tabindex:0,role:`group`,"aria-label":t});r.append(n),a.hidden=!0;let s=we(`Source`,e=>{r.hidden=e,a.hidden=!e});o.replaceChildren(b(t,s,i),r,a)},()=>void 0),o}function Ce(t,n,r){let i=e(`iframe`,{class:`html`,title:`Displayed HTML ${r}`,"aria-label":n.slice(0,200)});i.setAttribute(`sandbox`,``),i.setAttribute(`referrerpolicy`,`no-referrer`);let a=`${ue(t)}px`;return i.style.height=a,i.srcdoc=pe(t),e(`div`,{},b(`HTML`,we(`Enlarge`,e=>{i.style.height=e?`85vh`:a}),m(()=>n,`Text`)),i)}function b(t,...n){return e(`div`,{class:`item-head`},e(`span`,{class:`quiet`},t),e(`div`,{class:`choice`},...n))}function we(e,n){let r=!1,i=t(e,()=>{r=!r,i.setAttribute(`aria-pressed`,String(r)),n(r)},{"aria-pressed":`false`});return i}function Te(e){if(typeof e!=`string`)return e;try{return JSON.parse(e)}catch{return e}}var Ee=/\x1b(?:\[([0-?]*)([ -/]*[@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])/g,De=/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g;function x(e){return e.replace(Ee,``).replace(De,``)}var S=class{#e={};read(e){let t=[],n=0,r=r=>{let i=e.slice(n,r).replace(De,``);i!==``&&t.push({text:i,style:{...this.#e}})};for(let t of e.matchAll(Ee))r(t.index),n=t.index+t[0].length,t[2]===`m`&&this.#t((t[1]??``).split(/[;:]/).map(Number));return r(e.length),t}#t(e){for(let t=0;t<e.length;t++){let n=e[t]??0,r=this.#e;if(n===0)this.#e={};else if(n===1)r.bold=!0;else if(n===2)r.dim=!0;else if(n===3)r.italic=!0;else if(n===4)r.underline=!0;else if(n===7)r.inverse=!0;else if(n===22)r.bold=r.dim=!1;else if(n===23)r.italic=!1;else if(n===24)r.underline=!1;else if(n===27)r.inverse=!1;else if(n>=30&&n<=37)r.color=n-30;else if(n>=90&&n<=97)r.color=n-82;else if(n>=40&&n<=47)r.background=n-40;else if(n>=100&&n<=107)r.background=n-92;else if(n===39)delete r.color;else if(n===49)delete r.background;else if(n===38||n===48){let[i,a]=Oe(e.slice(t+1));i!==null&&(r[n===38?`color`:`background`]=i),t+=a}}}};function Oe([e,t=0,n=0,r=0]){if(e===2)return[C(t,n,r),4];if(e!==5)return[null,1];if(t<16)return[t,2];if(t>=232)return[C(8+10*(t-232),8+10*(t-232),8+10*(t-232)),2];let i=e=>e===0?0:55+40*e,a=t-16;return[C(i(Math.floor(a/36)),i(Math.floor(a/6)%6),i(a%6)),2]}function C(...e){return`rgb(${e.map(e=>Math.min(255,Math.max(0,Math.trunc(e)||0))).join(` `)})`}var ke=4e3,Ae=2e5,je=class{#e=new h(`output`);#t=e(`pre`);#n={stdout:new S,stderr:new S};#r={stdout:``,stderr:``};#i=0;#a=0;#o=[];clear(){this.#t=e(`pre`,{tabindex:0,"aria-label":`Output of the script`}),this.#n={stdout:new S,stderr:new S},this.#r={stdout:``,stderr:``},this.#i=this.#a=0,this.#o=[],this.#e.clear()}write(e,t){if(t===``)return;this.#r.stdout===``&&this.#r.stderr===``&&this.#s(),this.#r[e]+=t;let n=Ae-this.#a;t.length>n&&this.#o.length===0&&this.#l(),this.#c(e,t.slice(0,Math.max(0,n))),t.length>n&&this.#o.push([e,t.slice(Math.max(0,n))])}truncated(t){if(t.length===0)return;let n=`${t.join(` and `)} reached the limit output_bytes; the rest was not kept.`;this.#t.after(e(`p`,{class:`cut`},n))}#s(){let{stdout:e,stderr:t}={stdout:()=>this.#r.stdout,stderr:()=>this.#r.stderr},n=m(()=>x([e(),t()].map(Me).join(``)),`Output`);this.#e.show(`Output`,[n],this.#t)}#c(t,n){this.#a+=n.length;let r=this.#i<ke?this.#n[t].read(n):[{text:x(n),style:{}}];this.#i+=r.length;for(let n of r){let r=e(`span`,{class:[t,...Ne(n.style)].join(` `)},n.text);typeof n.style.color==`string`&&(r.style.color=n.style.color),typeof n.style.background==`string`&&(r.style.backgroundColor=n.style.background),this.#t.append(r)}}#l(){let e=t(`Show all of the output`,()=>{e.remove(),this.#a=-1/0;for(let[e,t]of this.#o.splice(0))this.#c(e,t)});this.#t.after(e)}};function Me(e){return e===``||e.endsWith(`
`)?e:`${e}\n`}function Ne(e){let t=[`bold`,`dim`,`italic`,`underline`,`inverse`].filter(t=>e[t]),n=[typeof e.color==`number`?[`ansi-${e.color}`]:[],typeof e.background==`number`?[`ansi-on-${e.background}`]:[]].flat();return[...t,...n]}var Pe={timeout:`timeout_ms`,fuel_exhausted:`fuel`,memory_exceeded:`memory_bytes`,output_exceeded:`output_bytes`},Fe=class{actions;#e=new h(`problem`);constructor(e){this.actions=e}clear(){this.#e.clear()}show(n,r,i){if(n.error===void 0)return this.clear();let{line:a,column:o}=n,s=[];a!==void 0&&s.push(t(`Go to line ${a}`,()=>this.actions.goTo(a,o)));let c=this.#t(Pe[n.error_type??``],r,i),l=[e(`p`,{class:`message`},n.error)];c&&l.push(c),n.traceback&&l.push(e(`pre`,{tabindex:0,"aria-label":`Traceback`},n.traceback)),n.request_id&&l.push(e(`p`,{class:`quiet`},`Request ${n.request_id}`)),this.#e.show(Ie(n.error_type),s,...l)}say(t,n){this.#e.show(t,[],e(`p`,{class:`message`},n))}#t(n,r,i){if(!n||!i)return null;let a=i.limits.maximum[n],o=Number(r[n])||i.limits.default[n];if(a===void 0||o===void 0)return null;if(o>=a)return e(`p`,{class:`quiet`},`${n} is already at this server's maximum, ${a}.`);let s=Math.min(a,o*4);return e(`p`,{},t(`Set ${n} to ${s}`,()=>this.actions.raise(n,s)))}};function Ie(e){let t=(e??`error`).replaceAll(`_`,` `);return t.charAt(0).toUpperCase()+t.slice(1)}var w=100,Le=60,Re=1e3;function ze(e){return!Array.isArray(e)||e.length===0?null:e.every(e=>y(e)&&!Array.isArray(e))?e:null}function Be(n){let r=[...new Set(n.slice(0,Re).flatMap(e=>Object.keys(e)))],i=r.slice(0,Le),a=i.map(e=>E(e,`col`)),o=e(`tbody`,{},...T(n,i,0)),s=e(`div`,{class:`table`,tabindex:0,role:`region`,"aria-label":`Table of the result`},e(`table`,{},e(`caption`,{},`${n.length} row${n.length===1?``:`s`}, ${r.length} column${r.length===1?``:`s`}${r.length>i.length?`, the first ${i.length} of them shown`:``}`),e(`thead`,{},e(`tr`,{},E(`#`,`col`),...a)),o)),c=w;if(n.length>c){let e=t(`${n.length-c} more rows`,()=>{o.append(...T(n,i,c)),c+=w,c>=n.length?e.remove():e.textContent=`${n.length-c} more rows`});s.append(e)}return s}function T(t,n,r){return t.slice(r,r+w).map((t,i)=>{let a=n.map(e=>Ve(Object.hasOwn(t,e)?t[e]:void 0));return e(`tr`,{},E(String(r+i),`row`),...a)})}function Ve(t){return t===void 0?e(`td`):t instanceof r?e(`td`,{class:`number`},t.digits):typeof t==`number`?e(`td`,{class:`number`},String(t)):typeof t==`string`?e(`td`,{},t):e(`td`,{class:`quiet`},a(t))}function E(t,n){let r=e(`th`,{},t);return r.scope=n,r}var D=2e5,He=class{#e=new h(`result`);clear(){this.#e.clear()}show(t){t.result===void 0?t.error===void 0&&t.exit_code!==void 0?this.#e.show(`Exit status`,[],e(`p`,{class:`exit`},String(t.exit_code))):this.clear():this.#t(t.result)}#t(n){let r=ze(n),i=[];r&&i.push([`Table`,()=>Be(r)]),i.push([`Tree`,()=>g(n)]),y(n)&&i.push([`JSON`,()=>Ue(n)]);let o=e(`div`,{class:`panel-body`}),s=i.map(([e,n],r)=>t(e,()=>c(r,n),{"aria-pressed":`false`})),c=(e,t)=>{s.forEach((t,n)=>t.setAttribute(`aria-pressed`,String(n===e))),o.replaceChildren(t())},l=i[0];l&&c(0,l[1]);let u=e(`div`,{class:`choice`,role:`group`,"aria-label":`View`},...s),d=[m(()=>a(n,`  `),`Result`)];this.#e.show(`Result`,i.length>1?[u,...d]:d,o)}};function Ue(t){let n=a(t,`  `);return e(`pre`,{tabindex:0,"aria-label":`Result as JSON`},n.length>D?`${n.slice(0,D)}\n… (Copy gives all of it)`:n)}var We=[`B`,`KiB`,`MiB`,`GiB`],Ge=[``,` k`,` M`,` G`,` T`];function O(e){return qe(e,1024,We.map(e=>` ${e}`))}function Ke(e){return qe(e,1e3,Ge)}function k(e){return e<1e3?`${A(e)} ms`:`${A(e/1e3)} s`}function qe(e,t,n){let r=0,i=e;for(;i>=t&&r<n.length-1;)i/=t,r+=1;return`${A(i)}${n[r]??``}`}function A(e){return String(e>=100||Number.isInteger(e)?Math.round(e):Number(e.toPrecision(3)))}var Je=class{#e=new h(`usage`);clear(){this.#e.clear()}show(t,n,r){let i=e=>Number(n[e])||r?.limits.default[e]||null,a=[j(`Time`,t.duration_ms,i(`timeout_ms`),k),j(`Fuel`,Number(t.fuel),i(`fuel`),Ke),j(`Memory`,t.memory_bytes,i(`memory_bytes`),O)];this.#e.show(`Usage`,[],e(`dl`,{class:`usage`},...a.flat()))}};function j(t,n,r,i){let a=r===null?i(n):`${i(n)} of ${i(r)}`,o=e(`dd`,{},e(`span`,{},a));if(r!==null){let i=e(`meter`,{"aria-label":t});i.max=r,i.high=r*.8,i.value=Math.min(n,r),i.textContent=a,o.prepend(i)}return[e(`dt`,{},t),o]}var Ye=class{#e;#t=new He;#n=new ve;#r=new je;#i=new Je;#a=!1;constructor(e){this.#e=new Fe(e)}clear(){for(let e of[this.#e,this.#t,this.#n,this.#r,this.#i])e.clear();this.#a=!1,n(`empty`).hidden=!0}output(e,t){this.#a=!0,this.#r.write(e,t)}displayed(e){this.#a=!0,this.#n.add(e)}show(e,t,n){if(!this.#a){this.#r.write(`stdout`,e.stdout??``),this.#r.write(`stderr`,e.stderr??``);for(let t of e.display??[])this.#n.add(t)}let r=e.truncated??[];this.#r.truncated(r.filter(e=>e!==`display`)),r.includes(`display`)&&this.#n.truncated(),this.#e.show(e,t,n),this.#t.show(e),e.usage&&this.#i.show(e.usage,t,n),this.say(Ze(e))}failed(e,t){this.#e.say(e,t),this.say(t)}say(e){n(`status`).textContent=e}};function Xe(e){if(e.line!==void 0)return e.line;if(e.exit_code===void 0||e.exit_code===0)return null;let t=[...(e.stderr??``).matchAll(/^ {2}File "script\.py", line (\d+)/gm)].at(-1)?.[1];return t===void 0?null:Number(t)}function Ze(e){let t=e.usage?` in ${k(e.usage.duration_ms)}`:``;return e.error===void 0?e.exit_code===void 0?`Done${t}.`:`Ended${t} with exit status ${e.exit_code}.`:`Failed${t}: ${(e.error_type??`error`).replaceAll(`_`,` `)}.`}var M=[`timeout_ms`,`fuel`,`memory_bytes`,`output_bytes`],N=Object.freeze({mode:`function`,script:``,input:``,stdin:``,args:``,env:``,seed:``,timeout_ms:``,fuel:``,memory_bytes:``,output_bytes:``}),Qe=Object.keys(N).filter(e=>e!==`mode`);function P(e){if(typeof e!=`object`||!e)return null;let t=e;if(typeof t.script!=`string`)return null;let n={...N,mode:t.mode===`program`?`program`:`function`};for(let e of Qe){let r=t[e];typeof r==`string`?n[e]=r:typeof r==`number`&&(n[e]=String(r))}return n}function F(e){let t=Object.entries(e).filter(([e,t])=>t!==``||e===`script`);return Object.fromEntries(t)}var $e=`belljar.draft`;function et(){try{let e=localStorage.getItem($e);return e===null?null:P(JSON.parse(e))}catch{return null}}function I(e){try{localStorage.setItem($e,JSON.stringify(F(e)))}catch{}}function tt(e){let t=new URLSearchParams(e),n=t.get(`theme`);return{hide:(t.get(`hide`)??``).split(`,`).map(e=>e.trim()),theme:n===`light`||n===`dark`?n:null,readOnly:t.has(`readonly`)}}function nt({hide:e,theme:t}){t&&(document.documentElement.dataset.theme=t);for(let t of document.querySelectorAll(`[data-panel]`))e.includes(t.dataset.panel??``)&&t.classList.add(`never`)}var rt=class{constructor(e){window.parent!==window&&window.addEventListener(`message`,t=>{if(t.source!==window.parent||typeof t.data!=`object`||t.data===null)return;let{type:n,program:r}=t.data;if(n===`belljar:run`&&e.run(),n===`belljar:stop`&&e.stop(),n===`belljar:load`){let t=P(r);t&&e.load(t)}})}ready(){this.#e({type:`ready`})}started(e){this.#e({type:`run`,program:F(e)})}ended(e){this.#e({type:`result`,answer:JSON.parse(JSON.stringify(e))})}#e(e){window.parent!==window&&window.parent.postMessage({source:`belljar`,...e},`*`)}},L=[R(`Hello`,`def main():
    return {"message": "Hello, World!"}
`),R(`Input`,`"""The parameter of main gets the request's input."""


def main(order):
    total = sum(item["price"] * item["count"] for item in order["items"])
    return {"customer": order["customer"], "total": round(total, 2)}
`,{input:`{
  "customer": "Ada",
  "items": [
    {"name": "paper", "price": 4.5, "count": 2},
    {"name": "ink", "price": 12.25, "count": 1}
  ]
}`}),R(`A data frame`,`"""A data frame becomes a list of records, shown here as a table."""

import pandas as pd


def main():
    orders = pd.DataFrame(
        {
            "customer": ["Ada", "Bob", "Ada", "Cy", "Bob"],
            "placed": pd.date_range("2026-01-05", periods=5, freq="9D"),
            "total": [10.5, 20.0, None, 7.25, 12.0],
        }
    )
    print(orders.groupby("customer")["total"].sum())
    return orders
`),R(`A plot`,`"""A figure that is shown comes with the answer."""

import matplotlib.pyplot as plt
import numpy as np


def main():
    x = np.linspace(0, 4 * np.pi, 400)
    figure, axes = plt.subplots(figsize=(6, 3.5))
    for damping in (0.05, 0.15, 0.3):
        axes.plot(x, np.exp(-damping * x) * np.cos(x), label=f"damping {damping}")
    axes.set_title("Damped oscillations")
    axes.legend()
    plt.show()
    return {"points": len(x)}
`),R(`Random numbers, seeded`,`"""numpy: throwing a million points at a circle. With a seed it is always the same pi."""

import numpy as np


def main():
    points = np.random.default_rng().random((1_000_000, 2))
    inside = (points**2).sum(axis=1) <= 1
    return {"pi": 4 * inside.mean(), "points": len(points)}
`,{seed:`42`}),R(`Algebra with sympy`,`"""Algebra. sympy is imported in the sandbox, which takes a moment."""

from sympy import Eq, diff, integrate, latex, solve, symbols


def main():
    x = symbols("x")
    polynomial = x**3 - 6 * x**2 + 11 * x - 6
    return {
        "roots": [int(root) for root in solve(Eq(polynomial, 0), x)],
        "derivative": str(diff(polynomial, x)),
        "integral": latex(integrate(polynomial, x)),
    }
`),R(`Regular expressions`,`"""What a log says, counted."""

import re
from collections import Counter

LOG = """\\
10:01:07 INFO  started in 12 ms
10:01:09 WARN  disk 91 % full
10:02:31 ERROR timeout after 5000 ms
10:02:32 INFO  retried in 40 ms
10:03:00 ERROR timeout after 5000 ms
"""

LINE = re.compile(r"(?P<time>[\\d:]+)\\s+(?P<level>[A-Z]+)\\s+(?P<text>.*)")


def main():
    entries = [match.groupdict() for match in LINE.finditer(LOG)]
    return {
        "levels": Counter(entry["level"] for entry in entries),
        "milliseconds": [int(number) for number in re.findall(r"(\\d+) ms", LOG)],
        "errors": [entry for entry in entries if entry["level"] == "ERROR"],
    }
`),R(`Coroutines`,`"""main may be a coroutine: it is awaited."""

import asyncio
import time


async def fetch(name, seconds):
    await asyncio.sleep(seconds)
    print(f"{name} after {seconds} s")
    return name.upper()


async def main():
    began = time.monotonic()
    names = await asyncio.gather(fetch("slow", 0.3), fetch("quick", 0.1), fetch("steady", 0.2))
    return {"names": names, "seconds": round(time.monotonic() - began, 1)}
`),R(`A program: output in colours`,`"""A whole program. Its output comes as it is written, colours and all."""

import sys
import time

for number in range(6):
    print(f"\\033[3{number + 1}mline {number}\\033[0m", flush=True)
    time.sleep(0.2)

print("this is on stderr", file=sys.stderr)
`,{mode:`program`}),R(`A program: standard input, arguments`,`"""A whole program: standard input, arguments, environment, exit status."""

import os
import sys
from collections import Counter

words = Counter(sys.stdin.read().lower().split())
most = int(sys.argv[1]) if len(sys.argv) > 1 else 3

print(os.environ.get("GREETING", "Words:"))
for word, count in words.most_common(most):
    print(f"{count:4} {word}")

sys.exit(0 if words else 1)
`,{mode:`program`,stdin:`the cat and the dog and the bird
`,args:`2`,env:`GREETING=Most common words:`}),R(`An endless loop, stopped`,`"""A script that never ends is stopped. The limit it reaches is set below to half a second."""


def main():
    print("counting for ever")
    number = 0
    while True:
        number += 1
`,{timeout_ms:`500`}),R(`An error`,`"""What a script raises comes with its traceback, and the line is marked."""


def average(numbers):
    return sum(numbers) / len(numbers)


def main():
    print("so far, so good")
    return [average([1, 2, 3]), average([])]
`),R(`What a sandbox can't do`,`"""There is nothing to reach: no files of the host, no network, no processes."""

import os
import socket
import subprocess

ATTEMPTS = {
    "read a file": lambda: open("/etc/passwd").read(),
    "list a folder": lambda: os.listdir("/home"),
    "open a connection": lambda: socket.create_connection(("example.com", 80)),
    "start a process": lambda: subprocess.run(["id"]),
}


def main():
    found = []
    for what, attempt in ATTEMPTS.items():
        try:
            attempt()
            found.append({"attempt": what, "outcome": "it worked!"})
        except Exception as error:
            found.append({"attempt": what, "outcome": f"{type(error).__name__}: {error}"})
    return found
`)];function R(e,t,n={}){return{title:e,program:{...N,...n,script:t}}}var z=Qe.filter(e=>e!==`script`),it={input:`input-box`,stdin:`streams-box`,args:`streams-box`,env:`streams-box`,timeout_ms:`limits-box`,fuel:`limits-box`,memory_bytes:`limits-box`,output_bytes:`limits-box`,seed:`limits-box`},at=class{constructor(e){for(let t of z)B(t).addEventListener(`input`,e);n(`mode`).addEventListener(`change`,()=>{this.#t(),e()}),this.#t()}get mode(){return n(`mode`).querySelector(`input:checked`)?.value===`program`?`program`:`function`}read(){let e=Object.fromEntries(z.map(e=>[e,B(e).value]));return{mode:this.mode,...e}}write(e){let t=n(`mode`).querySelector(`input[value="${e.mode}"]`);t&&(t.checked=!0);for(let t of z)B(t).value=e[t],e[t]!==``&&this.#e(t);this.#t()}explain(e){for(let t of z){let n=e.find(e=>e.field===t),r=B(t);n?r.setAttribute(`aria-invalid`,`true`):r.removeAttribute(`aria-invalid`);let i=document.getElementById(`${t}-problem`);i&&i.textContent!==(n?.message??``)&&(i.textContent=n?.message??``)}}focus(e){this.#e(e),B(e).focus()}set(e,t){B(e).value=t,B(e).dispatchEvent(new Event(`input`))}describeLimits(e){let t={timeout_ms:k,fuel:Ke,memory_bytes:O,output_bytes:O};for(let r of M){let i=e.limits.default[r]??0,a=e.limits.maximum[r]??0;B(r).placeholder=String(i),n(`${r}-note`).textContent=`${t[r](i)}, at most ${t[r](a)}`}}#e(e){n(it[e]).open=!0}#t(){n(`input-box`).hidden=this.mode===`program`}};function B(e){return n(e)}function V(e){let t=[];if(e.script.trim()===``&&t.push({field:`script`,message:`There is no script.`}),e.mode===`function`&&e.input.trim()!==``)try{JSON.parse(e.input)}catch(e){t.push({field:`input`,message:`Not JSON: ${e.message}`})}let n=H(e.env).find(e=>!/^[^=]+=/.test(e));n!==void 0&&t.push({field:`env`,message:`Expected NAME=value, found ${JSON.stringify(n)}`});for(let n of[...M,`seed`]){let r=e[n].trim(),i=n===`seed`?0n:1n;r!==``&&(!/^[0-9]{1,20}$/.test(r)||BigInt(r)<i||BigInt(r)>=1n<<64n)&&t.push({field:n,message:`Expected a whole number from ${i}, found ${JSON.stringify(r)}`})}return t}function ot(e){let t=[[`script`,JSON.stringify(e.script)]];e.mode===`function`&&e.input.trim()!==``&&t.push([`input`,e.input.trim()]),e.stdin!==``&&t.push([`stdin`,JSON.stringify(e.stdin)]);let n=H(e.args);n.length>0&&t.push([`args`,JSON.stringify(n)]);let r=H(e.env).map(e=>{let t=e.indexOf(`=`);return[e.slice(0,t),e.slice(t+1)]});r.length>0&&t.push([`env`,JSON.stringify(Object.fromEntries(r))]);let i=M.filter(t=>e[t].trim()!==``).map(t=>[t,ut(e[t])]);return i.length>0&&t.push([`limits`,lt(i)]),e.seed.trim()!==``&&t.push([`seed`,ut(e.seed)]),{path:e.mode===`function`?`/execute`:`/run`,body:lt(t)}}function st({path:e,body:t},n){return`curl '${n}${e}' \\\n  -H 'Content-Type: application/json' \\\n  -d '${t.replaceAll(`'`,`'\\''`)}'\n`}function ct({path:e,body:t},n){return`const response = await fetch(${JSON.stringify(n+e)}, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: ${JSON.stringify(t)},
});
console.log(await response.json());
`}function lt(e){return`{${e.map(([e,t])=>`${JSON.stringify(e)}:${t}`).join(`,`)}}`}function ut(e){return BigInt(e.trim()).toString()}function H(e){let t=e.split(`
`);return t.at(-1)===``&&t.pop(),t}var dt=class{#e=``;#t=``;#n=[];feed(e){let t=this.#e+e,n=t.endsWith(`\r`)?t.length-1:t.length,r=t.slice(0,n).split(/\r\n|\n|\r/);return this.#e=(r.pop()??``)+t.slice(n),r.flatMap(e=>this.#r(e))}#r(e){if(e===``){let e={type:this.#t||`message`,data:this.#n.join(`
`)},t=this.#n.length>0;return this.#t=``,this.#n=[],t?[e]:[]}let t=e.indexOf(`:`),n=t<0?e:e.slice(0,t),r=t<0?``:e.slice(t+1).replace(/^ /,``);return n===`event`&&(this.#t=r),n===`data`&&this.#n.push(r),[]}},U=class extends Error{};async function ft(e,t,n){let r=await fetch(e.path,{method:`POST`,headers:{"Content-Type":`application/json`,Accept:`text/event-stream, application/json;q=0.9`},body:e.body,signal:t,cache:`no-store`}).catch(e=>{throw t.aborted?e:new U(`The server can't be reached.`)}),a=r.headers.get(`content-type`)??``;if(a.startsWith(`text/event-stream`)&&r.body)return pt(r.body,t,n);if(a.startsWith(`application/json`))return i(await r.text());throw new U(`The server answered ${r.status} with something that is not JSON.`)}async function pt(e,t,n){let r=new dt,a=new TextDecoder,o=e.getReader();for(;;){let{done:e,value:s}=await o.read().catch(e=>{throw t.aborted?e:new U(`The connection broke before the answer came.`)});if(e)throw new U(`The stream ended before the answer came.`);for(let e of r.feed(a.decode(s,{stream:!0})))switch(e.type){case`stdout`:case`stderr`:n.output(e.type,i(e.data));break;case`display`:n.display(i(e.data));break;case`result`:return await o.cancel(),i(e.data)}}}var mt=100,ht=class{source;view;conversation;#e=null;runtime=null;constructor(e,t,n){this.source=e,this.view=t,this.conversation=n}get isRunning(){return this.#e!==null}stop(){this.#e?.abort()}async run(e){if(this.#e)return;let t=new AbortController;this.#e=t;let n=this.#t();this.source.mark(null),this.view.clear(),this.conversation.started(e);let r;try{r=await ft(ot(e),t.signal,{output:(e,t)=>this.view.output(e,t),display:e=>this.view.displayed(e)}),this.view.show(r,e,this.runtime),this.source.mark(Xe(r))}catch(e){r=t.signal.aborted?{error:`Stopped.`,error_type:`stopped`}:{error:e instanceof U?e.message:String(e),error_type:`no_answer`},t.signal.aborted?this.view.say(`Stopped.`):this.view.failed(`No answer`,r.error??``)}finally{this.#e=null,n()}this.conversation.ended(r)}#t(){let[e,t,r,i]=[n(`run`),n(`stop`),n(`answer`),n(`elapsed`)],a=performance.now(),o=document.activeElement===e;e.hidden=!0,t.hidden=!1,o&&t.focus(),r.setAttribute(`aria-busy`,`true`),this.view.say(`Running…`);let s=setInterval(()=>{i.textContent=`${((performance.now()-a)/1e3).toFixed(1)} s`},mt);return()=>{clearInterval(s),i.textContent=``,matchMedia(`(max-width: 760px)`).matches&&r.scrollIntoView({block:`start`}),r.removeAttribute(`aria-busy`);let n=document.activeElement===t;t.hidden=!0,e.hidden=!1,n&&e.focus()}}},gt=`1`,_t=4<<20;async function vt(e){return`#${gt}${xt(await bt(new TextEncoder().encode(JSON.stringify(F(e))),new CompressionStream(`deflate-raw`)))}`}async function yt(e){if(!e.startsWith(`#${gt}`))return null;try{let t=await bt(St(e.slice(2)),new DecompressionStream(`deflate-raw`));return P(JSON.parse(new TextDecoder().decode(t)))}catch{return null}}async function bt(e,t){let n=new Blob([e]).stream().pipeThrough(t).getReader(),r=[],i=0;for(;;){let{done:e,value:t}=await n.read();if(e)break;if(r.push(t),i+=t.length,i>_t)throw await n.cancel(),RangeError(`the link holds too much`)}return new Uint8Array(await new Blob(r).arrayBuffer())}function xt(e){let t=``;for(let n of e)t+=String.fromCharCode(n);return btoa(t).replaceAll(`+`,`-`).replaceAll(`/`,`_`).replace(/=+$/,``)}function St(e){let t=atob(e.replaceAll(`-`,`+`).replaceAll(`_`,`/`));return Uint8Array.from(t,e=>e.charCodeAt(0))}var Ct=class{changed;run;readOnly;#e;#t=n(`plain-editor`);constructor(e,t,n){this.changed=e,this.run=t,this.readOnly=n,this.#t.readOnly=n,this.#t.addEventListener(`input`,e),this.#e=wt(this.#t)}async upgrade(){let{createEditor:e}=await f(async()=>{let{createEditor:e}=await import(`./editor-dc3d6f36.js`);return{createEditor:e}},[]),t=document.activeElement===this.#t,r=this.#t.value,{changed:i,run:a,readOnly:o}=this,s=e({parent:n(`editor`),text:r,readOnly:o,changed:i,run:a});this.#t.remove(),this.#e=s,t&&s.focus(),document.body.dataset.editor=`ready`}get text(){return this.#e.text}set text(e){e!==this.#e.text&&(this.#e.text=e)}focus(){this.#e.focus()}mark(e){this.#e.mark(e)}goTo(e,t){this.#e.goTo(e,t)}};function wt(e){return{get text(){return e.value},set text(t){e.value=t},focus:()=>e.focus(),mark:()=>void 0,goTo(t,n=1){let r=e.value.split(`
`).slice(0,t-1).reduce((e,t)=>e+t.length+1,0)+n-1;e.focus(),e.setSelectionRange(r,r)}}}var Tt=300,W=document.body.dataset.page===`embed`,Et=tt(W?location.search:``);nt(Et);var G=new at(Q),K=new Ct(Q,$,Et.readOnly),q=new Ye({goTo:(e,t)=>K.goTo(e,t),raise(e,t){G.set(e,String(t)),G.focus(e)}}),Dt=new rt({load:Z,run:$,stop:()=>J.stop()}),J=new ht(K,q,Dt),Y;function X(){return{...G.read(),script:K.text}}function Z(e){G.write(e),K.text=e.script,Q()}function Q(){G.explain(V(X())),W||(clearTimeout(Y),Y=setTimeout(Ot,Tt))}function Ot(){I(X()),location.hash!==``&&history.replaceState(null,``,location.pathname+location.search)}function $(){if(J.isRunning)return;let e=X(),t=V(e)[0];if(!t)return void J.run(e);q.clear(),q.failed(`Not run`,t.message),t.field===`script`?K.focus():G.focus(t.field)}function kt(){let e=document.createElement(`a`);e.href=URL.createObjectURL(new Blob([K.text],{type:`text/x-python`})),e.download=`script.py`,e.click(),setTimeout(()=>URL.revokeObjectURL(e.href),1e4)}async function At(){let e=await vt(X());clearTimeout(Y),history.replaceState(null,``,e),await p(location.href,`Link`)}function jt(e,t){let n=X(),r=V(n)[0];r?q.say(r.message):p(e(ot(n),location.origin),t)}function Mt(){let e=n(`examples`);L.forEach((t,n)=>e.add(new Option(t.title,String(n)))),e.addEventListener(`change`,()=>{let t=L[Number(e.value)];e.value!==``&&t&&(Z(t.program),q.say(`Example loaded: ${t.title}. Ctrl+Enter runs it.`),e.value=``)})}async function Nt(){let e=await fetch(`/runtime`);if(!e.ok)return;let t=await e.json();J.runtime=t,G.describeLimits(t),n(`runtime`).textContent=`Python ${t.python_version}, ${Object.keys(t.packages).length} packages`}async function Pt(){let e=await yt(location.hash),t=e??(W?null:et())??L[0]?.program;location.hash!==``&&!e&&q.say(`This link holds no program that can be read.`),t&&(G.write(t),K.text=t.script,G.explain(V(X()))),W&&n(`full`).addEventListener(`click`,e=>{e.preventDefault(),Ft()}),await Promise.allSettled([K.upgrade(),Nt()]),Dt.ready()}async function Ft(){window.open(`/${await vt(X())}`,`_blank`,`noopener`)}Mt(),n(`run`).addEventListener(`click`,$),n(`stop`).addEventListener(`click`,()=>J.stop()),n(`share`).addEventListener(`click`,()=>void At()),n(`download`).addEventListener(`click`,kt),n(`copy-curl`).addEventListener(`click`,()=>jt(st,`curl command`)),n(`copy-fetch`).addEventListener(`click`,()=>jt(ct,`fetch call`)),document.addEventListener(`keydown`,e=>{e.key===`Enter`&&(e.ctrlKey||e.metaKey)&&!e.defaultPrevented&&(e.preventDefault(),$())}),window.addEventListener(`hashchange`,()=>{yt(location.hash).then(e=>e&&Z(e))}),window.addEventListener(`pagehide`,()=>{Y!==void 0&&!W&&I(X())}),Pt();