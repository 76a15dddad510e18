import { grouped } from "../bytes.ts";
import { hint } from "../json/lexer.ts";
import { ExportRefused } from "../refusal.ts";

const mostNames = 4096;
const mostLetters = 1024;

// XML 1.0 (fifth edition) §2.3, and Namespaces §4: one colon at most, and not at an end.
const start = "A-Za-z_\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}";
const part = `[${start}][${start}.0-9\\u00B7\\u0300-\\u036F\\u203F\\u2040-]*`;
const qualified = new RegExp(`^${part}(?::${part})?$`, "u");

/** The names of a document, each looked at once, and not more of them than a real export can have: they are kept as long as the reader,
 *  so names made up by the million would fill the memory. */
export class NameTable {
  readonly #file: string;
  /** By name: its prefix, empty where it has none. */
  readonly #prefixes = new Map<string, string>();

  constructor(file: string) {
    this.#file = file;
  }

  /** The prefix of a name; undefined when it is no name. */
  prefix(name: string): string | undefined {
    const known = this.#prefixes.get(name);
    if (known !== undefined) return known;
    if (this.#prefixes.size === mostNames || name.length > mostLetters)
      throw new ExportRefused(
        "export.too_many_names",
        `${this.#file} has more than ${grouped(mostNames)} different names, or one of more than ${grouped(mostLetters)} characters.`, hint);
    if (!qualified.test(name)) return undefined;
    const colon = name.indexOf(":");
    const prefix = colon < 0 ? "" : name.slice(0, colon);
    this.#prefixes.set(name, prefix);
    return prefix;
  }
}
