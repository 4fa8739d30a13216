function i(t,e={},...r){let n=document.createElement(t);for(let[o,s]of Object.entries(e))o==="onclick"?n.addEventListener("click",s):n.setAttribute(o,String(s));return n.append(...r.filter(o=>!!o||o==="")),n}function u(t,e,r={}){let n=i("button",{onclick:e,...r},t);return n.type="button",n}function l(t){let e=document.getElementById(t);if(!e)throw new Error(`the page has no #${t}`);return e}var g=class{constructor(e){this.digits=e}digits};function O(t){return JSON.parse(t,(r,n,o)=>typeof n=="number"&&o?.source!==void 0&&st(n,o.source)?new g(o.source):n)}function h(t,e="",r=""){if(t instanceof g)return t.digits;if(typeof t!="object"||t===null)return JSON.stringify(t);let n=Array.isArray(t)?t.map(m=>h(m,e,r+e)):Object.entries(t).map(([m,c])=>`${JSON.stringify(m)}: ${h(c,e,r+e)}`),[o,s]=Array.isArray(t)?"[]":"{}";if(n.length===0)return`${o}${s}`;if(e==="")return`${o}${n.join(", ")}${s}`;let a=`
${r}${e}`;return`${o}${a}${n.join(`,${a}`)}
${r}${s}`}function st(t,e){return/^-?[0-9]+$/.test(e)&&!Number.isSafeInteger(t)}var it=globalThis.trustedTypes,ye=it?.createPolicy("belljar-frame",{createHTML:t=>t}),at=`:root{color-scheme:light dark}body{margin:8px;font:14px/1.45 system-ui,sans-serif}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{border:1px solid #8886;padding:2px 8px;text-align:right}th{font-weight:600}
img,svg{max-width:100%}pre{white-space:pre-wrap}`;function be(t){let r=`<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:"><style>${at}</style></head><body>${t}`;return ye?ye.createHTML(r):r}async function j(t,e){let r=l("status");try{return await navigator.clipboard.writeText(t),r.textContent=`${e} copied.`,!0}catch{return r.textContent=`The browser does not let this page copy; ${e.toLowerCase()} was not copied.`,!1}}function S(t,e){return u("Copy",()=>{j(t(),e)},{"aria-label":`Copy ${e.toLowerCase()}`})}var f=class{#e;constructor(e){this.#e=l(e)}clear(){this.#e.hidden=!0,this.#e.replaceChildren()}show(e,r,...n){let o=i("h2",{},e),s=i("div",{class:"panel-head"},o,i("div",{class:"panel-tools"},...r));this.#e.replaceChildren(s,...n),this.#e.hidden=!1}};var xe=100,lt=2,ct=30;function H(t){return i("div",{class:"tree"},we(t,0,null))}function we(t,e,r){let n=r===null?null:i("span",{class:"json-name"},r,": ");if(!R(t))return i("div",{class:"leaf"},n,mt(t));let o=Array.isArray(t),s=o?t.map((k,M)=>[String(M),k]):Object.entries(t),a=`${s.length} ${o?"item":"member"}${s.length===1?"":"s"}`;if(s.length===0)return i("div",{class:"leaf"},n,o?"[]":"{}");let m=h(o?t.slice(0,8):Object.fromEntries(s.slice(0,8))),c=i("summary",{},n,i("span",{class:"json-count"},`${o?"[…]":"{…}"} ${a} `),i("span",{class:"json-preview"},m.length>60?`${m.slice(0,60)}…`:m)),d=i("details",{},c),T=()=>{d.childElementCount===1&&d.append(ve(s,e+1,0))};return d.addEventListener("toggle",T),e<lt&&s.length<=ct&&(d.open=!0,T()),d}function ve(t,e,r){let n=t.slice(r,r+xe),o=i("div",{class:"children"},...n.map(([a,m])=>we(m,e,a))),s=t.length-r-n.length;if(s>0){let a=u(`${s} more`,()=>a.replaceWith(ve(t,e,r+xe)));o.append(a)}return o}function mt(t){let e=t===null?"null":t instanceof g?"number":typeof t,r=t instanceof g?t.digits:JSON.stringify(t);return i("span",{class:`json-${e}`},r)}function R(t){return typeof t=="object"&&t!==null&&!(t instanceof g)}var F=class{#e=new f("display");#t=i("div",{class:"items"});#r=0;clear(){this.#t=i("div",{class:"items"}),this.#r=0,this.#e.clear()}add(e){this.#r===0&&this.#e.show("Display",[],this.#t),this.#r+=1,this.#t.append(dt(e,this.#r))}get count(){return this.#r}truncated(){this.#r===0&&this.#e.show("Display",[],this.#t),this.#t.append(i("p",{class:"cut"},"More was displayed than the server keeps; the rest is left out."))}};function dt(t,e){let r=t.mime.split(";")[0]?.trim().toLowerCase()??"",n=t.alt??`Displayed item ${e}, ${r}`,o=typeof t.data=="string"?t.data:h(t.data,"  ");switch(r){case"image/png":case"image/jpeg":case"image/gif":case"image/webp":return Ee(`data:${r};base64,${o.replaceAll(/\s/g,"")}`,n);case"image/svg+xml":return Ee(`data:image/svg+xml,${encodeURIComponent(o)}`,n);case"text/html":return pt(o,n,e);case"application/json":return H(ft(t.data));default:return ut(r,o)}}function Ee(t,e){let r=i("img");return r.src=t,r.alt=e,i("figure",{},r)}function ut(t,e){let r=i("pre",{tabindex:0,"aria-label":`Displayed text, ${t}`},e);if(t==="text/plain")return r;let n=i("div",{class:"item-head"},i("span",{class:"quiet"},t),S(()=>e,"Text"));return i("div",{},n,r)}function pt(t,e,r){let n=i("iframe",{class:"html",title:`Displayed HTML ${r}`,"aria-label":e.slice(0,200)});n.setAttribute("sandbox",""),n.setAttribute("referrerpolicy","no-referrer");let o=(t.match(/<tr|<br|<p[ >]|<li|<h[1-6]/gi)?.length??0)+1;return n.style.height=`${Math.min(440,34+o*27)}px`,n.srcdoc=be(t),n}function ft(t){if(typeof t!="string")return t;try{return JSON.parse(t)}catch{return t}}var Te=/\x1b(?:\[([0-?]*)([ -/]*[@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])/g,Se=/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g;function se(t){return t.replace(Te,"").replace(Se,"")}var E=class{#e={};read(e){let r=[],n=0,o=s=>{let a=e.slice(n,s).replace(Se,"");a!==""&&r.push({text:a,style:{...this.#e}})};for(let s of e.matchAll(Te))o(s.index),n=s.index+s[0].length,s[2]==="m"&&this.#t((s[1]??"").split(/[;:]/).map(Number));return o(e.length),r}#t(e){for(let r=0;r<e.length;r++){let n=e[r]??0,o=this.#e;if(n===0)this.#e={};else if(n===1)o.bold=!0;else if(n===2)o.dim=!0;else if(n===3)o.italic=!0;else if(n===4)o.underline=!0;else if(n===7)o.inverse=!0;else if(n===22)o.bold=o.dim=!1;else if(n===23)o.italic=!1;else if(n===24)o.underline=!1;else if(n===27)o.inverse=!1;else if(n>=30&&n<=37)o.color=n-30;else if(n>=90&&n<=97)o.color=n-82;else if(n>=40&&n<=47)o.background=n-40;else if(n>=100&&n<=107)o.background=n-92;else if(n===39)delete o.color;else if(n===49)delete o.background;else if(n===38||n===48){let[s,a]=ht(e.slice(r+1));s!==null&&(o[n===38?"color":"background"]=s),r+=a}}}};function ht([t,e=0,r=0,n=0]){if(t===2)return[oe(e,r,n),4];if(t!==5)return[null,1];if(e<16)return[e,2];if(e>=232)return[oe(8+10*(e-232),8+10*(e-232),8+10*(e-232)),2];let o=a=>a===0?0:55+40*a,s=e-16;return[oe(o(Math.floor(s/36)),o(Math.floor(s/6)%6),o(s%6)),2]}function oe(...t){return`rgb(${t.map(r=>Math.min(255,Math.max(0,Math.trunc(r)||0))).join(" ")})`}var gt=4e3,yt=2e5,q=class{#e=new f("output");#t=i("pre");#r={stdout:new E,stderr:new E};#n={stdout:"",stderr:""};#s=0;#o=0;#i=[];clear(){this.#t=i("pre",{tabindex:0,"aria-label":"Output of the script"}),this.#r={stdout:new E,stderr:new E},this.#n={stdout:"",stderr:""},this.#s=this.#o=0,this.#i=[],this.#e.clear()}write(e,r){if(r==="")return;this.#n.stdout===""&&this.#n.stderr===""&&this.#l(),this.#n[e]+=r;let n=yt-this.#o;r.length>n&&this.#i.length===0&&this.#c(),this.#a(e,r.slice(0,Math.max(0,n))),r.length>n&&this.#i.push([e,r.slice(Math.max(0,n))])}truncated(e){if(e.length===0)return;let r=`${e.join(" and ")} reached the limit output_bytes; the rest was not kept.`;this.#t.after(i("p",{class:"cut"},r))}#l(){let{stdout:e,stderr:r}={stdout:()=>this.#n.stdout,stderr:()=>this.#n.stderr},n=S(()=>se([e(),r()].filter(o=>o!=="").join(`
`)),"Output");this.#e.show("Output",[n],this.#t)}#a(e,r){this.#o+=r.length;let n=this.#s<gt?this.#r[e].read(r):[{text:se(r),style:{}}];this.#s+=n.length;for(let o of n){let s=i("span",{class:[e,...bt(o.style)].join(" ")},o.text);typeof o.style.color=="string"&&(s.style.color=o.style.color),typeof o.style.background=="string"&&(s.style.backgroundColor=o.style.background),this.#t.append(s)}}#c(){let e=u("Show all of the output",()=>{e.remove(),this.#o=-1/0;for(let[r,n]of this.#i.splice(0))this.#a(r,n)});this.#t.after(e)}};function bt(t){let e=["bold","dim","italic","underline","inverse"].filter(n=>t[n]),r=[typeof t.color=="number"?[`ansi-${t.color}`]:[],typeof t.background=="number"?[`ansi-on-${t.background}`]:[]].flat();return[...e,...r]}var xt={timeout:"timeout_ms",fuel_exhausted:"fuel",memory_exceeded:"memory_bytes",output_exceeded:"output_bytes"},B=class{constructor(e){this.actions=e}actions;#e=new f("problem");clear(){this.#e.clear()}show(e,r,n){if(e.error===void 0)return this.clear();let{line:o,column:s}=e,a=[];o!==void 0&&a.push(u(`Go to line ${o}`,()=>this.actions.goTo(o,s)));let m=this.#t(xt[e.error_type??""],r,n),c=[i("p",{class:"message"},e.error)];m&&c.push(m),e.traceback&&c.push(i("pre",{tabindex:0,"aria-label":"Traceback"},e.traceback)),e.request_id&&c.push(i("p",{class:"quiet"},`Request ${e.request_id}`)),this.#e.show(wt(e.error_type),a,...c)}say(e,r){this.#e.show(e,[],i("p",{class:"message"},r))}#t(e,r,n){if(!e||!n)return null;let o=n.limits.maximum[e],s=Number(r[e])||n.limits.default[e];if(o===void 0||s===void 0)return null;if(s>=o)return i("p",{class:"quiet"},`${e} is already at this server's maximum, ${o}.`);let a=Math.min(o,s*4);return i("p",{},u(`Set ${e} to ${a}`,()=>this.actions.raise(e,a)))}};function wt(t){let e=(t??"error").replaceAll("_"," ");return e.charAt(0).toUpperCase()+e.slice(1)}var ie=100,vt=60,Et=1e3;function Le(t){if(!Array.isArray(t)||t.length===0)return null;let e=r=>R(r)&&!Array.isArray(r);return t.every(e)?t:null}function $e(t){let e=[...new Set(t.slice(0,Et).flatMap(d=>Object.keys(d)))],r=e.slice(0,vt),n=r.map(d=>ae(d,"col")),o=i("tbody",{},...Ae(t,r,0)),s=`${t.length} row${t.length===1?"":"s"}, ${e.length} column${e.length===1?"":"s"}${e.length>r.length?`, the first ${r.length} of them shown`:""}`,a=i("table",{},i("caption",{},s),i("thead",{},i("tr",{},ae("#","col"),...n)),o),m=i("div",{class:"table",tabindex:0,role:"region","aria-label":"Table of the result"},a),c=ie;if(t.length>c){let d=u(`${t.length-c} more rows`,()=>{o.append(...Ae(t,r,c)),c+=ie,c>=t.length?d.remove():d.textContent=`${t.length-c} more rows`});m.append(d)}return m}function Ae(t,e,r){return t.slice(r,r+ie).map((n,o)=>{let s=e.map(a=>Tt(Object.hasOwn(n,a)?n[a]:void 0));return i("tr",{},ae(String(r+o),"row"),...s)})}function Tt(t){return t===void 0?i("td"):t instanceof g?i("td",{class:"number"},t.digits):typeof t=="number"?i("td",{class:"number"},String(t)):typeof t=="string"?i("td",{},t):i("td",{class:"quiet"},h(t))}function ae(t,e){let r=i("th",{},t);return r.scope=e,r}var Pe=2e5,D=class{#e=new f("result");clear(){this.#e.clear()}show(e){e.result!==void 0?this.#t(e.result):e.error===void 0&&e.exit_code!==void 0?this.#e.show("Exit status",[],i("p",{class:"exit"},String(e.exit_code))):this.clear()}#t(e){let r=Le(e),n=[];r&&n.push(["Table",()=>$e(r)]),n.push(["Tree",()=>H(e)]),R(e)&&n.push(["JSON",()=>St(e)]);let o=i("div",{class:"panel-body"}),s=n.map(([T,k],M)=>u(T,()=>a(M,k),{"aria-pressed":"false"})),a=(T,k)=>{s.forEach((M,ot)=>M.setAttribute("aria-pressed",String(ot===T))),o.replaceChildren(k())},m=n[0];m&&a(0,m[1]);let c=i("div",{class:"choice",role:"group","aria-label":"View"},...s),d=[S(()=>h(e,"  "),"Result")];this.#e.show("Result",n.length>1?[c,...d]:d,o)}};function St(t){let e=h(t,"  "),r=e.length>Pe?`${e.slice(0,Pe)}
… (Copy gives all of it)`:e;return i("pre",{tabindex:0,"aria-label":"Result as JSON"},r)}var At=["B","KiB","MiB","GiB"],Lt=[""," k"," M"," G"," T"];function _(t){return ke(t,1024,At.map(e=>` ${e}`))}function U(t){return ke(t,1e3,Lt)}function A(t){return t<1e3?`${le(t)} ms`:`${le(t/1e3)} s`}function ke(t,e,r){let n=0,o=t;for(;o>=e&&n<r.length-1;)o/=e,n+=1;return`${le(o)}${r[n]??""}`}function le(t){return t>=100||Number.isInteger(t)?String(Math.round(t)):String(Number(t.toPrecision(3)))}var G=class{#e=new f("usage");clear(){this.#e.clear()}show(e,r,n){let o=a=>Number(r[a])||n?.limits.default[a]||null,s=[ce("Time",e.duration_ms,o("timeout_ms"),A),ce("Fuel",Number(e.fuel),o("fuel"),U),ce("Memory",e.memory_bytes,o("memory_bytes"),_)];this.#e.show("Usage",[],i("dl",{class:"usage"},...s.flat()))}};function ce(t,e,r,n){let o=r===null?n(e):`${n(e)} of ${n(r)}`,s=i("dd",{},i("span",{},o));if(r!==null){let a=i("meter",{"aria-label":t});a.max=r,a.high=r*.8,a.value=Math.min(e,r),a.textContent=o,s.prepend(a)}return[i("dt",{},t),s]}var W=class{#e;#t=new D;#r=new F;#n=new q;#s=new G;#o=!1;constructor(e){this.#e=new B(e)}clear(){for(let e of[this.#e,this.#t,this.#r,this.#n,this.#s])e.clear();this.#o=!1,l("empty").hidden=!0}output(e,r){this.#o=!0,this.#n.write(e,r)}displayed(e){this.#o=!0,this.#r.add(e)}show(e,r,n){if(!this.#o){this.#n.write("stdout",e.stdout??""),this.#n.write("stderr",e.stderr??"");for(let s of e.display??[])this.#r.add(s)}let o=e.truncated??[];this.#n.truncated(o.filter(s=>s!=="display")),o.includes("display")&&this.#r.truncated(),this.#e.show(e,r,n),this.#t.show(e),e.usage&&this.#s.show(e.usage,r,n),this.say($t(e))}failed(e,r){this.#e.say(e,r),this.say(r)}say(e){l("status").textContent=e}};function Me(t){if(t.line!==void 0)return t.line;if(t.exit_code===void 0||t.exit_code===0)return null;let r=[...(t.stderr??"").matchAll(/^ {2}File "script\.py", line (\d+)/gm)].at(-1)?.[1];return r===void 0?null:Number(r)}function $t(t){let e=t.usage?` in ${A(t.usage.duration_ms)}`:"";return t.error!==void 0?`Failed${e}: ${(t.error_type??"error").replaceAll("_"," ")}.`:t.exit_code!==void 0?`Ended${e} with exit status ${t.exit_code}.`:`Done${e}.`}var I=["timeout_ms","fuel","memory_bytes","output_bytes"],X=Object.freeze({mode:"function",script:"",input:"",stdin:"",args:"",env:"",seed:"",timeout_ms:"",fuel:"",memory_bytes:"",output_bytes:""}),me=Object.keys(X).filter(t=>t!=="mode");function L(t){if(typeof t!="object"||t===null)return null;let e=t;if(typeof e.script!="string")return null;let r={...X,mode:e.mode==="program"?"program":"function"};for(let n of me){let o=e[n];typeof o=="string"?r[n]=o:typeof o=="number"&&(r[n]=String(o))}return r}function $(t){let e=Object.entries(t).filter(([r,n])=>n!==""||r==="script");return Object.fromEntries(e)}var Oe="belljar.draft";function Re(){try{let t=localStorage.getItem(Oe);return t===null?null:L(JSON.parse(t))}catch{return null}}function de(t){try{localStorage.setItem(Oe,JSON.stringify($(t)))}catch{}}function _e(t){let e=new URLSearchParams(t),r=e.get("theme");return{hide:(e.get("hide")??"").split(",").map(n=>n.trim()),theme:r==="light"||r==="dark"?r:null,readOnly:e.has("readonly")}}function Ie({hide:t,theme:e}){e&&(document.documentElement.dataset.theme=e);for(let r of document.querySelectorAll("[data-panel]"))t.includes(r.dataset.panel??"")&&r.classList.add("never")}var K=class{constructor(e){window.parent!==window&&window.addEventListener("message",r=>{if(r.source!==window.parent||typeof r.data!="object"||r.data===null)return;let{type:n,program:o}=r.data;if(n==="belljar:run"&&e.run(),n==="belljar:stop"&&e.stop(),n==="belljar:load"){let s=L(o);s&&e.load(s)}})}ready(){this.#e({type:"ready"})}started(e){this.#e({type:"run",program:$(e)})}ended(e){this.#e({type:"result",answer:JSON.parse(JSON.stringify(e))})}#e(e){window.parent!==window&&window.parent.postMessage({source:"belljar",...e},"*")}};var Ne=`"""main may be a coroutine: it is awaited."""

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
`;var Ce=`"""A whole program. Its output comes as it is written, colours and all."""

import sys
import time

for number in range(6):
    print(f"\\033[3{number + 1}mline {number}\\033[0m", flush=True)
    time.sleep(0.2)

print("this is on stderr", file=sys.stderr)
`;var Je=`"""What a script raises comes with its traceback, and the line is marked."""


def average(numbers):
    return sum(numbers) / len(numbers)


def main():
    print("so far, so good")
    return [average([1, 2, 3]), average([])]
`;var je=`"""A data frame becomes a list of records, shown here as a table."""

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
`;var He=`def main():
    return {"message": "Hello, World!"}
`;var Fe=`"""The parameter of main gets the request's input."""


def main(order):
    total = sum(item["price"] * item["count"] for item in order["items"])
    return {"customer": order["customer"], "total": round(total, 2)}
`;var qe=`"""A script that never ends is stopped. The limit it reaches is set below to half a second."""


def main():
    print("counting for ever")
    number = 0
    while True:
        number += 1
`;var Be=`"""numpy: throwing a million points at a circle. With a seed it is always the same pi."""

import numpy as np


def main():
    points = np.random.default_rng().random((1_000_000, 2))
    inside = (points**2).sum(axis=1) <= 1
    return {"pi": 4 * inside.mean(), "points": len(points)}
`;var De=`"""A figure that is shown comes with the answer."""

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
`;var Ue=`"""What a log says, counted."""

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
`;var Ge=`"""Algebra. sympy is imported in the sandbox, which takes a moment."""

from sympy import Eq, diff, integrate, latex, solve, symbols


def main():
    x = symbols("x")
    polynomial = x**3 - 6 * x**2 + 11 * x - 6
    return {
        "roots": [int(root) for root in solve(Eq(polynomial, 0), x)],
        "derivative": str(diff(polynomial, x)),
        "integral": latex(integrate(polynomial, x)),
    }
`;var We=`"""There is nothing to reach: no files of the host, no network, no processes."""

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
`;var Xe=`"""A whole program: standard input, arguments, environment, exit status."""

import os
import sys
from collections import Counter

words = Counter(sys.stdin.read().lower().split())
most = int(sys.argv[1]) if len(sys.argv) > 1 else 3

print(os.environ.get("GREETING", "Words:"))
for word, count in words.most_common(most):
    print(f"{count:4} {word}")

sys.exit(0 if words else 1)
`;var Dt=`{
  "customer": "Ada",
  "items": [
    {"name": "paper", "price": 4.5, "count": 2},
    {"name": "ink", "price": 12.25, "count": 1}
  ]
}`,V=[p("Hello",He),p("Input",Fe,{input:Dt}),p("A data frame",je),p("A plot",De),p("Random numbers, seeded",Be,{seed:"42"}),p("Algebra with sympy",Ge),p("Regular expressions",Ue),p("Coroutines",Ne),p("A program: output in colours",Ce,{mode:"program"}),p("A program: standard input, arguments",Xe,{mode:"program",stdin:`the cat and the dog and the bird
`,args:"2",env:"GREETING=Most common words:"}),p("An endless loop, stopped",qe,{timeout_ms:"500"}),p("An error",Je),p("What a sandbox can't do",We)];function p(t,e,r={}){return{title:t,program:{...X,...r,script:e}}}var Y=me.filter(t=>t!=="script"),Ut={input:"input-box",stdin:"streams-box",args:"streams-box",env:"streams-box",timeout_ms:"limits-box",fuel:"limits-box",memory_bytes:"limits-box",output_bytes:"limits-box",seed:"limits-box"},Z=class{constructor(e){for(let r of Y)b(r).addEventListener("input",e);l("mode").addEventListener("change",()=>{this.#t(),e()}),this.#t()}get mode(){return l("mode").querySelector("input:checked")?.value==="program"?"program":"function"}read(){let e=Object.fromEntries(Y.map(r=>[r,b(r).value]));return{mode:this.mode,...e}}write(e){let r=l("mode").querySelector(`input[value="${e.mode}"]`);r&&(r.checked=!0);for(let n of Y)b(n).value=e[n],e[n]!==""&&this.#e(n);this.#t()}explain(e){for(let r of Y){let n=e.find(a=>a.field===r),o=b(r);n?o.setAttribute("aria-invalid","true"):o.removeAttribute("aria-invalid");let s=document.getElementById(`${r}-problem`);s&&s.textContent!==(n?.message??"")&&(s.textContent=n?.message??"")}}focus(e){this.#e(e),b(e).focus()}set(e,r){b(e).value=r,b(e).dispatchEvent(new Event("input"))}describeLimits(e){let r={timeout_ms:A,fuel:U,memory_bytes:_,output_bytes:_};for(let n of I){let o=e.limits.default[n]??0,s=e.limits.maximum[n]??0;b(n).placeholder=String(o),l(`${n}-note`).textContent=`${r[n](o)}, at most ${r[n](s)}`}}#e(e){l(Ut[e]).open=!0}#t(){l("input-box").hidden=this.mode==="program"}};function b(t){return l(t)}function N(t){let e=[];if(t.script.trim()===""&&e.push({field:"script",message:"There is no script."}),t.mode==="function"&&t.input.trim()!=="")try{JSON.parse(t.input)}catch(n){e.push({field:"input",message:`Not JSON: ${n.message}`})}let r=ue(t.env).find(n=>!/^[^=]+=/.test(n));r!==void 0&&e.push({field:"env",message:`Expected NAME=value, found ${JSON.stringify(r)}`});for(let n of[...I,"seed"]){let o=t[n].trim(),s=n==="seed"?0n:1n;o!==""&&(!/^[0-9]{1,20}$/.test(o)||BigInt(o)<s||BigInt(o)>=1n<<64n)&&e.push({field:n,message:`Expected a whole number from ${s}, found ${JSON.stringify(o)}`})}return e}function z(t){let e=[["script",JSON.stringify(t.script)]];t.mode==="function"&&t.input.trim()!==""&&e.push(["input",t.input.trim()]),t.stdin!==""&&e.push(["stdin",JSON.stringify(t.stdin)]);let r=ue(t.args);r.length>0&&e.push(["args",JSON.stringify(r)]);let n=ue(t.env).map(s=>{let a=s.indexOf("=");return[s.slice(0,a),s.slice(a+1)]});n.length>0&&e.push(["env",JSON.stringify(Object.fromEntries(n))]);let o=I.filter(s=>t[s].trim()!=="").map(s=>[s,Ve(t[s])]);return o.length>0&&e.push(["limits",Ke(o)]),t.seed.trim()!==""&&e.push(["seed",Ve(t.seed)]),{path:t.mode==="function"?"/execute":"/run",body:Ke(e)}}function Ye({path:t,body:e},r){let n=e.replaceAll("'","'\\''");return`curl '${r}${t}' \\
  -H 'Content-Type: application/json' \\
  -d '${n}'
`}function Ze({path:t,body:e},r){return`const response = await fetch(${JSON.stringify(r+t)}, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: ${JSON.stringify(e)},
});
console.log(await response.json());
`}function Ke(t){return`{${t.map(([e,r])=>`${JSON.stringify(e)}:${r}`).join(",")}}`}function Ve(t){return BigInt(t.trim()).toString()}function ue(t){let e=t.split(`
`);return e.at(-1)===""&&e.pop(),e}var Q=class{#e="";#t="";#r=[];feed(e){let r=this.#e+e,n=r.endsWith("\r")?r.length-1:r.length,o=r.slice(0,n).split(/\r\n|\n|\r/);return this.#e=(o.pop()??"")+r.slice(n),o.flatMap(s=>this.#n(s))}#n(e){if(e===""){let s={type:this.#t||"message",data:this.#r.join(`
`)},a=this.#r.length>0;return this.#t="",this.#r=[],a?[s]:[]}let r=e.indexOf(":"),n=r<0?e:e.slice(0,r),o=r<0?"":e.slice(r+1).replace(/^ /,"");return n==="event"&&(this.#t=o),n==="data"&&this.#r.push(o),[]}};var x=class extends Error{};async function ze(t,e,r){let n=await fetch(t.path,{method:"POST",headers:{"Content-Type":"application/json",Accept:"text/event-stream, application/json;q=0.9"},body:t.body,signal:e,cache:"no-store"}).catch(s=>{throw e.aborted?s:new x("The server can't be reached.")}),o=n.headers.get("content-type")??"";if(o.startsWith("text/event-stream")&&n.body)return Gt(n.body,e,r);if(o.startsWith("application/json"))return O(await n.text());throw new x(`The server answered ${n.status} with something that is not JSON.`)}async function Gt(t,e,r){let n=new Q,o=new TextDecoder,s=t.getReader();for(;;){let{done:a,value:m}=await s.read().catch(c=>{throw e.aborted?c:new x("The connection broke before the answer came.")});if(a)throw new x("The stream ended before the answer came.");for(let c of n.feed(o.decode(m,{stream:!0})))switch(c.type){case"stdout":case"stderr":r.output(c.type,O(c.data));break;case"display":r.display(O(c.data));break;case"result":return await s.cancel(),O(c.data)}}}var Wt=100,ee=class{constructor(e,r,n){this.source=e;this.view=r;this.conversation=n}source;view;conversation;#e=null;runtime=null;get isRunning(){return this.#e!==null}stop(){this.#e?.abort()}async run(e){if(this.#e)return;let r=new AbortController;this.#e=r;let n=this.#t();this.source.mark(null),this.view.clear(),this.conversation.started(e);let o;try{o=await ze(z(e),r.signal,{output:(s,a)=>this.view.output(s,a),display:s=>this.view.displayed(s)}),this.view.show(o,e,this.runtime),this.source.mark(Me(o))}catch(s){o=r.signal.aborted?{error:"Stopped.",error_type:"stopped"}:{error:s instanceof x?s.message:String(s),error_type:"no_answer"},r.signal.aborted?this.view.say("Stopped."):this.view.failed("No answer",o.error??"")}finally{this.#e=null,n()}this.conversation.ended(o)}#t(){let[e,r,n,o]=[l("run"),l("stop"),l("answer"),l("elapsed")],s=performance.now(),a=document.activeElement===e;e.hidden=!0,r.hidden=!1,a&&r.focus(),n.setAttribute("aria-busy","true"),this.view.say("Running…");let m=setInterval(()=>{o.textContent=`${((performance.now()-s)/1e3).toFixed(1)} s`},Wt);return()=>{clearInterval(m),o.textContent="",matchMedia("(max-width: 760px)").matches&&n.scrollIntoView({block:"start"}),n.removeAttribute("aria-busy");let c=document.activeElement===r;r.hidden=!0,e.hidden=!1,c&&e.focus()}}};var Qe="1",Xt=4<<20;async function pe(t){let e=new TextEncoder().encode(JSON.stringify($(t)));return`#${Qe}${Kt(await et(e,new CompressionStream("deflate-raw")))}`}async function fe(t){if(!t.startsWith(`#${Qe}`))return null;try{let e=Vt(t.slice(2)),r=await et(e,new DecompressionStream("deflate-raw"));return L(JSON.parse(new TextDecoder().decode(r)))}catch{return null}}async function et(t,e){let r=new Blob([t]).stream().pipeThrough(e).getReader(),n=[],o=0;for(;;){let{done:s,value:a}=await r.read();if(s)break;if(n.push(a),o+=a.length,o>Xt)throw await r.cancel(),new RangeError("the link holds too much")}return new Uint8Array(await new Blob(n).arrayBuffer())}function Kt(t){let e="";for(let r of t)e+=String.fromCharCode(r);return btoa(e).replaceAll("+","-").replaceAll("/","_").replace(/=+$/,"")}function Vt(t){let e=atob(t.replaceAll("-","+").replaceAll("_","/"));return Uint8Array.from(e,r=>r.charCodeAt(0))}var te=class{constructor(e,r,n){this.changed=e;this.run=r;this.readOnly=n;this.#t.readOnly=n,this.#t.addEventListener("input",e),this.#e=Yt(this.#t)}changed;run;readOnly;#e;#t=l("plain-editor");async upgrade(){let{createEditor:e}=await import("./editor-6VIDOBM5.js"),r=document.activeElement===this.#t,n=this.#t.value,{changed:o,run:s,readOnly:a}=this,m=e({parent:l("editor"),text:n,readOnly:a,changed:o,run:s});this.#t.remove(),this.#e=m,r&&m.focus(),document.body.dataset.editor="ready"}get text(){return this.#e.text}set text(e){e!==this.#e.text&&(this.#e.text=e)}focus(){this.#e.focus()}mark(e){this.#e.mark(e)}goTo(e,r){this.#e.goTo(e,r)}};function Yt(t){return{get text(){return t.value},set text(e){t.value=e},focus:()=>t.focus(),mark:()=>{},goTo(e,r=1){let o=t.value.split(`
`).slice(0,e-1).reduce((s,a)=>s+a.length+1,0)+r-1;t.focus(),t.setSelectionRange(o,o)}}}var Zt=300,C=document.body.dataset.page==="embed",tt=_e(C?location.search:"");Ie(tt);var y=new Z(ge),w=new te(ge,ne,tt.readOnly),P=new W({goTo:(t,e)=>w.goTo(t,e),raise(t,e){y.set(t,String(e)),y.focus(t)}}),rt=new K({load:he,run:ne,stop:()=>J.stop()}),J=new ee(w,P,rt),re;function v(){return{...y.read(),script:w.text}}function he(t){y.write(t),w.text=t.script,ge()}function ge(){y.explain(N(v())),!C&&(clearTimeout(re),re=setTimeout(zt,Zt))}function zt(){de(v()),location.hash!==""&&history.replaceState(null,"",location.pathname+location.search)}function ne(){if(J.isRunning)return;let t=v(),e=N(t)[0];if(!e)return void J.run(t);P.clear(),P.failed("Not run",e.message),e.field==="script"?w.focus():y.focus(e.field)}function Qt(){let t=document.createElement("a");t.href=URL.createObjectURL(new Blob([w.text],{type:"text/x-python"})),t.download="script.py",t.click(),setTimeout(()=>URL.revokeObjectURL(t.href),1e4)}async function er(){let t=await pe(v());clearTimeout(re),history.replaceState(null,"",t),await j(location.href,"Link")}function nt(t,e){let r=v(),n=N(r)[0];n?P.say(n.message):j(t(z(r),location.origin),e)}function tr(){let t=l("examples");V.forEach((e,r)=>t.add(new Option(e.title,String(r)))),t.addEventListener("change",()=>{let e=V[Number(t.value)];t.value===""||!e||(he(e.program),P.say(`Example loaded: ${e.title}. Ctrl+Enter runs it.`),t.value="")})}async function rr(){let t=await fetch("/runtime");if(!t.ok)return;let e=await t.json();J.runtime=e,y.describeLimits(e),l("runtime").textContent=`Python ${e.python_version}, ${Object.keys(e.packages).length} packages`}async function nr(){let t=await fe(location.hash),e=t??(C?null:Re())??V[0]?.program;location.hash!==""&&!t&&P.say("This link holds no program that can be read."),e&&(y.write(e),w.text=e.script,y.explain(N(v()))),C&&l("full").addEventListener("click",r=>{r.preventDefault(),or()}),await Promise.allSettled([w.upgrade(),rr()]),rt.ready()}async function or(){window.open(`/${await pe(v())}`,"_blank","noopener")}tr();l("run").addEventListener("click",ne);l("stop").addEventListener("click",()=>J.stop());l("share").addEventListener("click",()=>{er()});l("download").addEventListener("click",Qt);l("copy-curl").addEventListener("click",()=>nt(Ye,"curl command"));l("copy-fetch").addEventListener("click",()=>nt(Ze,"fetch call"));document.addEventListener("keydown",t=>{t.key==="Enter"&&(t.ctrlKey||t.metaKey)&&!t.defaultPrevented&&(t.preventDefault(),ne())});window.addEventListener("hashchange",()=>{fe(location.hash).then(t=>t&&he(t))});window.addEventListener("pagehide",()=>{re!==void 0&&!C&&de(v())});nr();
