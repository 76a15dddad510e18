import { relaxedJson } from "../json/tree.ts";
import { type } from "./cells.ts";
import type { FieldType } from "./cells.ts";

const bytes = (value: string): number => new TextEncoder().encode(value).length;

const forms: Readonly<Record<string, (value: string) => boolean>> = {
  email: (value) => bytes(value) <= 254 && /^[^\0-\x20]+@[^@\0-\x20]+$/.test(value),
  // RFC 3986 §3: a scheme, a colon, and no character that may not stand in a URI.
  uri: (value) => /^[A-Za-z][A-Za-z0-9+.-]*:[^\0-\x20<>"{}|\\^`]*$/.test(value),
  uuid: (value) => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value),
  binary: (value) => /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value.replace(/[ \t\r\n]/g, "")),
};

export const textFormats: readonly string[] = Object.keys(forms);

/** `string` with a format: text of which the form is checked and nothing changed. */
export const formattedText = (format: string): FieldType =>
  type("string", (value) => (forms[format]!(value) ? { text: value } : undefined), { plainFormat: format });

/** `object` and `array`: JSON without needless space, members in their order. */
export const json = (name: "object" | "array"): FieldType => type(name, (value) => {
  const minified = relaxedJson(value, name);
  return minified === undefined ? undefined : { text: minified };
});
