// Builds elements. Text goes in as text nodes only, so nothing that a stranger wrote can become markup.

type Child = Node | string | number | null | undefined | false;
type Attributes = Readonly<Record<string, string | number | boolean | EventListener | undefined>>;

/** An element with attributes and children. An attribute that is true stands without a value, one that is false or undefined is
 *  left out, and `onclick` and its kind take a listener. */
export function el<K extends keyof HTMLElementTagNameMap>(name: K, attributes?: Attributes, ...children: readonly Child[]): HTMLElementTagNameMap[K] {
  return fill(document.createElement(name), attributes, children);
}

const svgNamespace = "http://www.w3.org/2000/svg";

/** The same for drawings. */
export function svg<K extends keyof SVGElementTagNameMap>(name: K, attributes?: Attributes, ...children: readonly Child[]): SVGElementTagNameMap[K] {
  return fill(document.createElementNS(svgNamespace, name), attributes, children);
}

/** Puts these children in the place of the ones that are there. */
export function replace(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren();
  append(element, children);
}

/** The element with this id; a page without it is a mistake of ours. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element "${id}".`);
  return found as T;
}

function fill<T extends Element>(element: T, attributes: Attributes | undefined, children: readonly Child[]): T {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  append(element, children);
  return element;
}

function append(element: Element, children: readonly Child[]): void {
  for (const child of children)
    if (child !== null && child !== undefined && child !== false) element.append(typeof child === "number" ? String(child) : child);
}
