/** One step of a path: a member by name, any member, an item by number, any item. */
export type JsonStep =
  | { readonly kind: "member"; readonly name: string }
  | { readonly kind: "item"; readonly index: number }
  | { readonly kind: "anyMember" | "anyItem" };

/** Parses the path of records: `$`, `.name`, `['any name']`, `.*`, `[3]`, `[*]` (RFC 9535); the `$` in front may be left out. */
export function parsePath(path: string): JsonStep[] {
  return path.startsWith("$") ? steps(path, path.slice(1)) : parseField(path);
}

/** Parses the path of a field, which begins with a name or a bracket; `.` is the record itself. */
export function parseField(path: string): JsonStep[] {
  if (path === ".") return [];
  return steps(path, path.startsWith("[") ? path : "." + path);
}

function steps(path: string, text: string): JsonStep[] {
  const found: JsonStep[] = [];
  const step = /\.([^.[]+)|\['([^']*)'\]|\[(\*|[0-9]{1,9})\]/y;
  while (step.lastIndex < text.length) {
    const parts = step.exec(text);
    if (parts === null) throw wrong(path);
    const [, member, quoted, item] = parts;
    if (quoted !== undefined) found.push({ kind: "member", name: quoted });
    else if (member !== undefined) found.push(member === "*" ? { kind: "anyMember" } : { kind: "member", name: member });
    else found.push(item === "*" ? { kind: "anyItem" } : { kind: "item", index: Number(item) });
  }
  return found;
}

const wrong = (path: string): Error => new Error(`'${path}' is no path of this language.`);
