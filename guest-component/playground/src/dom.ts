/** Elements, made without markup: what a script gives can only ever become text. */

type Child = Node | string | null | undefined | false;

interface Properties {
  readonly class?: string;
  readonly title?: string;
  readonly [attribute: `aria-${string}` | `data-${string}`]: string;
  readonly role?: string;
  readonly tabindex?: number;
  readonly onclick?: () => void;
}

/** A new element with its attributes and children. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "onclick") element.addEventListener("click", value as () => void);
    else element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child): child is Node | string => !!child || child === ""));
  return element;
}

/** A button that does something when it is pressed. */
export function button(label: string, onclick: () => void, properties: Properties = {}) {
  const element = make("button", { onclick, ...properties }, label);
  element.type = "button";
  return element;
}

/** The element of the page with this id. */
export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element as E;
}
