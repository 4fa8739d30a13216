/** The page, put together. */

import { AnswerView } from "./answer-view.ts";
import type { RuntimeInfo } from "./answer.ts";
import { byId } from "./dom.ts";
import * as draft from "./draft.ts";
import * as embed from "./embed.ts";
import { EXAMPLES } from "./examples.ts";
import { Form } from "./form.ts";
import { copy } from "./panels/clipboard.ts";
import type { Program } from "./program.ts";
import { asCurl, asFetch, problems, request } from "./request.ts";
import { Session } from "./session.ts";
import { fromFragment, toFragment } from "./share.ts";
import { Source } from "./source.ts";

/** How long after the last key the draft is kept, in milliseconds. */
const DRAFT_MS = 300;

const isEmbedded = document.body.dataset["page"] === "embed";
const options = embed.options(isEmbedded ? location.search : "");
embed.dress(options);

const form = new Form(changed);
const source = new Source(changed, start, options.readOnly);
const view = new AnswerView({
  goTo: (line, column) => source.goTo(line, column),
  raise(limit, value) {
    form.set(limit, String(value));
    form.focus(limit);
  },
});
const conversation = new embed.Conversation({ load, run: start, stop: () => session.stop() });
const session = new Session(source, view, conversation);
let saving: ReturnType<typeof setTimeout> | undefined;

function program(): Program {
  return { ...form.read(), script: source.text };
}

function load(loaded: Program): void {
  form.write(loaded);
  source.text = loaded.script;
  changed();
}

/** Something was typed. */
function changed(): void {
  form.explain(problems(program()));
  if (isEmbedded) return;
  clearTimeout(saving);
  saving = setTimeout(keep, DRAFT_MS);
}

function keep(): void {
  draft.save(program());
  // What was shared is not what is here any more; a reload should give what is.
  if (location.hash !== "") history.replaceState(null, "", location.pathname + location.search);
}

/** Runs the program, or says what is wrong with it. */
function start(): void {
  if (session.isRunning) return;
  const current = program();
  const first = problems(current)[0];
  if (!first) return void session.run(current);
  view.clear();
  view.failed("Not run", first.message);
  if (first.field === "script") source.focus();
  else form.focus(first.field);
}

function download(): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([source.text], { type: "text/x-python" }));
  link.download = "script.py";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

async function share(): Promise<void> {
  const fragment = await toFragment(program());
  clearTimeout(saving);
  // Also where copying is forbidden: then the address bar has it.
  history.replaceState(null, "", fragment);
  await copy(location.href, "Link");
}

function copyRequest(how: typeof asCurl, what: string): void {
  const current = program();
  const first = problems(current)[0];
  if (first) view.say(first.message);
  else void copy(how(request(current), location.origin), what);
}

function offerExamples(): void {
  const select = byId<HTMLSelectElement>("examples");
  EXAMPLES.forEach((example, at) => select.add(new Option(example.title, String(at))));
  select.addEventListener("change", () => {
    const example = EXAMPLES[Number(select.value)];
    if (select.value === "" || !example) return;
    load(example.program);
    view.say(`Example loaded: ${example.title}. Ctrl+Enter runs it.`);
    select.value = "";
  });
}

async function describe(): Promise<void> {
  const response = await fetch("/runtime");
  if (!response.ok) return;
  const runtime = (await response.json()) as RuntimeInfo;
  session.runtime = runtime;
  form.describeLimits(runtime);
  byId("runtime").textContent = `Python ${runtime.python_version}, ${Object.keys(runtime.packages).length} packages`;
}

async function begin(): Promise<void> {
  const linked = await fromFragment(location.hash);
  const first = linked ?? (isEmbedded ? null : draft.load()) ?? EXAMPLES[0]?.program;
  if (location.hash !== "" && !linked) view.say("This link holds no program that can be read.");
  if (first) {
    form.write(first);
    source.text = first.script;
    form.explain(problems(program()));
  }
  if (isEmbedded) {
    byId("full").addEventListener("click", (event) => {
      event.preventDefault();
      void openInFull();
    });
  }
  await Promise.allSettled([source.upgrade(), describe()]);
  conversation.ready();
}

/** The playground proper, with the program of this frame. */
async function openInFull(): Promise<void> {
  window.open(`/${await toFragment(program())}`, "_blank", "noopener");
}

offerExamples();
byId("run").addEventListener("click", start);
byId("stop").addEventListener("click", () => session.stop());
byId("share").addEventListener("click", () => void share());
byId("download").addEventListener("click", download);
byId("copy-curl").addEventListener("click", () => copyRequest(asCurl, "curl command"));
byId("copy-fetch").addEventListener("click", () => copyRequest(asFetch, "fetch call"));
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.defaultPrevented) {
    event.preventDefault();
    start();
  }
});
window.addEventListener("hashchange", () => {
  void fromFragment(location.hash).then((linked) => linked && load(linked));
});
window.addEventListener("pagehide", () => {
  if (saving !== undefined && !isEmbedded) draft.save(program());
});
void begin();
