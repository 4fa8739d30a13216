/** The editor: CodeMirror with what a page for Python needs. Loaded after the page is painted. */

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  rectangularSelection,
} from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import type { Editor } from "./source.ts";

export interface EditorOptions {
  readonly parent: HTMLElement;
  readonly text: string;
  readonly readOnly: boolean;
  changed(): void;
  run(): void;
}

/** How long after Escape a Tab still leaves the editor, in milliseconds. */
const TAB_LEAVES_MS = 2000;

const setMark = StateEffect.define<number | null>();

/** The line that an error is about. It moves with edits and goes with the next run. */
const mark = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let moved = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(setMark)) moved = markOf(transaction.state, effect.value);
    }
    return moved;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function markOf(state: EditorState, line: number | null): DecorationSet {
  if (line === null || line < 1 || line > state.doc.lines) return Decoration.none;
  const builder = new RangeSetBuilder<Decoration>();
  const from = state.doc.line(line).from;
  builder.add(from, from, Decoration.line({ class: "cm-error-line", attributes: { "aria-invalid": "true" } }));
  return builder.finish();
}

/** Makes the editor in its parent. */
export function createEditor({ parent, text, readOnly, changed, run }: EditorOptions): Editor {
  const runKey = {
    key: "Mod-Enter",
    preventDefault: true,
    run: () => {
      run();
      return true;
    },
  };
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        highlightActiveLineGutter(),
        highlightSpecialChars(),
        history(),
        drawSelection(),
        EditorState.allowMultipleSelections.of(true),
        EditorState.readOnly.of(readOnly),
        EditorState.tabSize.of(4),
        indentUnit.of("    "),
        indentOnInput(),
        syntaxHighlighting(classHighlighter),
        bracketMatching(),
        closeBrackets(),
        autocompletion(),
        rectangularSelection(),
        highlightActiveLine(),
        highlightSelectionMatches(),
        python(),
        mark,
        keymap.of([
          runKey,
          { key: "Ctrl-Enter", run: runKey.run, preventDefault: true },
          ...closeBracketsKeymap,
          ...completionKeymap,
          ...searchKeymap,
          ...historyKeymap,
          ...defaultKeymap,
          indentWithTab,
        ]),
        // Escape lets the next Tab leave the editor, also when it closed a list of completions.
        EditorView.domEventObservers({
          keydown(event, view) {
            if (event.key === "Escape") view.setTabFocusMode(TAB_LEAVES_MS);
          },
        }),
        // It can be focused without, but not everything that reads pages knows that.
        EditorView.contentAttributes.of({ "aria-label": "Python script", "aria-describedby": "editor-hint", tabindex: "0" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) changed();
        }),
      ],
    }),
  });

  return {
    get text() {
      return view.state.doc.toString();
    },
    set text(value) {
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: value },
        effects: setMark.of(null),
        selection: { anchor: 0 },
        scrollIntoView: true,
      });
    },
    focus: () => view.focus(),
    mark: (line) => view.dispatch({ effects: setMark.of(line) }),
    goTo(line, column = 1) {
      const { doc } = view.state;
      const found = doc.line(Math.min(Math.max(1, line), doc.lines));
      // The server counts characters, the editor UTF-16 units.
      const before = [...found.text].slice(0, column - 1).join("").length;
      view.dispatch({ selection: { anchor: found.from + before }, scrollIntoView: true });
      view.focus();
    },
  };
}
