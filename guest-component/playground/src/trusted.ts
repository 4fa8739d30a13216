/**
 * The one place where a script's HTML becomes a document: that of a sandboxed frame.
 *
 * The page's policy demands Trusted Types, so that no other place can come about by accident.
 */

interface Policy {
  createHTML(html: string): unknown;
}

interface Factory {
  createPolicy(name: string, rules: { createHTML: (html: string) => string }): Policy;
}

const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
const policy = factory?.createPolicy("belljar-frame", { createHTML: (html) => html });

/** Looks for tables as pandas writes them, in the colours of the page around. */
const STYLE = `:root{color-scheme:light dark}body{margin:8px;font:14px/1.45 system-ui,sans-serif}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{border:1px solid #8886;padding:2px 8px;text-align:right}th{font-weight:600}
img,svg{max-width:100%}pre{white-space:pre-wrap}`;

/** The document that shows this HTML. Where browsers have Trusted Types, one of those. */
export function frameDocument(html: string): unknown {
  // Before the script's own text, which may hold anything: the frame inherits the page's policy,
  // and this makes it stricter still.
  const policyTag =
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:">`;
  const text = `<!doctype html><html><head><meta charset="utf-8">${policyTag}<style>${STYLE}</style></head><body>${html}`;
  return policy ? policy.createHTML(text) : text;
}
