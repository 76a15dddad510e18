import type { ByteSource } from "../csv/reader.ts";
import { hint } from "../json/lexer.ts";
import type { ExportLimits } from "../limits.ts";
import { ExportRefused } from "../refusal.ts";
import { skipDoctype } from "./doctype.ts";
import { NameTable } from "./names.ts";
import { MeteredText } from "./text.ts";

export type XmlNode = "start" | "end" | "text" | "eof";

interface Open {
  readonly name: string;
  readonly prefixes: readonly string[];
}

const mostResolved = 128;
const longestResolved = 1024;

// More is needed than is held.
const cut = undefined;
const none = "";
const declaration = /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(["'])1\.0\1([ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(["'])[A-Za-z][A-Za-z0-9._-]*\3)?([ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(["'])(yes|no)\5)?[ \t\r\n]*\?>$/;
// XML 1.0 §2.2: no other control characters.
const noChar = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;
const special = /[<&\0-\x1f\ufffe\uffff]/;
const spaceOnly = /^[ \t\r\n]*$/;

/**
 * Cuts an XML document of any size into nodes, by XML 1.0 and Namespaces 1.0; holds one node at a time.
 *
 * A DTD is passed over unread: nothing is declared, so no entity but the five of XML can be named and none expands; nothing outside
 * the document is fetched. Comments and processing instructions are no nodes; they are looked at all the same.
 */
export class XmlScanner {
  readonly #text: MeteredText;
  readonly #names: NameTable;
  readonly #name: string;
  readonly #limits: ExportLimits;
  readonly #open: Open[] = [];
  readonly #declared = new Map<string, number>([["xml", 1]]);
  readonly #resolved = new Map<string, string>();
  #isBegun = false;
  #hasRoot = false;

  /** Of the element that begins here. */
  element = "";
  isEmpty = false;
  readonly attributes: string[] = [];
  readonly values: string[] = [];
  /** Elements around the node. */
  depth = 0;

  constructor(source: ByteSource, limits: ExportLimits) {
    this.#name = source.name;
    this.#text = new MeteredText(source, limits);
    this.#names = new NameTable(source.name);
    this.#limits = limits;
  }

  /** Goes to the next node. `endsPiece`: what was read so far does not count towards the length of a record. */
  async next(endsPiece: boolean): Promise<XmlNode> {
    const text = this.#text;
    if (endsPiece) text.mark();
    for (;;) {
      const node = this.#scan();
      if (node === none) continue;
      if (node === cut) {
        await text.fill();
        continue;
      }
      if (node !== "eof" && this.depth >= this.#limits.depth)
        throw new ExportRefused("export.too_deep", `${this.#name} holds elements more than ${this.#limits.depth} levels deep.`, hint);
      return node;
    }
  }

  // The next node that is whole in what is held; none: something that is no node was passed over.
  #scan(): XmlNode | typeof none | typeof cut {
    const { held, at, ended } = this.#text;
    if (at === held.length) {
      if (!ended) return cut;
      if (this.#open.length > 0 || !this.#hasRoot) throw this.#text.broken(at);
      return "eof";
    }
    if (held.charCodeAt(at) !== 0x3c) return this.#characters(held, at);
    switch (held.charCodeAt(at + 1)) {
      case 0x2f: return this.#endTag(held, at);
      case 0x3f: return this.#instruction(held, at);
      case 0x21: return this.#marked(held, at);
      default: return this.#startTag(held, at);
    }
  }

  #characters(held: string, at: number): XmlNode | typeof none | typeof cut {
    let end = held.indexOf("<", at);
    if (end < 0) {
      if (!this.#text.ended) return cut;
      end = held.length;
    }
    const text = held.slice(at, end);
    this.#isBegun = true;
    this.#text.at = end;
    if (spaceOnly.test(text)) return none;
    const wrong = text.search(noChar);
    if (this.#open.length === 0 || wrong >= 0 || text.includes("]]>")) throw this.#text.broken(at + Math.max(wrong, 0));
    if (text.includes("&")) this.#resolve(text, at);
    this.depth = this.#open.length;
    return "text";
  }

  // <!-- … -->, <![CDATA[ … ]]>, <!DOCTYPE … >
  #marked(held: string, at: number): XmlNode | typeof none | typeof cut {
    const head = held.slice(at, at + 9);
    const begins = (word: string): boolean => head.startsWith(word);
    if (head.length < 9 && !this.#text.ended && !begins("<!--")) return cut;
    this.#isBegun = true;
    if (begins("<!--")) {
      const end = held.indexOf("--", at + 4);
      if (end < 0 || end + 2 >= held.length) return this.#more();
      return held[end + 2] === ">" ? this.#pass(held, at, end + 3) : this.#fail(end);
    }
    if (begins("<![CDATA[") && this.#open.length > 0) {
      const end = held.indexOf("]]>", at + 9);
      if (end < 0) return this.#more();
      this.#pass(held, at, end + 3);
      this.depth = this.#open.length;
      return "text";
    }
    if (!begins("<!DOCTYPE") || this.#hasRoot) return this.#fail(at);
    const end = skipDoctype(held, at + 9);
    if (end === undefined) return this.#more();
    if (end < 0) return this.#fail(-end);
    return this.#pass(held, at, end);
  }

  #instruction(held: string, at: number): typeof none | typeof cut {
    const end = held.indexOf("?>", at + 2);
    if (end < 0) return this.#more();
    const whole = held.slice(at, end + 2);
    const target = /^<\?([^ \t\r\n?]+)(?=[ \t\r\n]|\?>$)/.exec(whole)?.[1];
    if (target === undefined || this.#names.prefix(target) === undefined || target.includes(":")) return this.#fail(at);
    if (target.toLowerCase() === "xml" && (this.#isBegun || !declaration.test(whole))) return this.#fail(at);
    this.#isBegun = true;
    return this.#pass(held, at, end + 2);
  }

  #endTag(held: string, at: number): XmlNode | typeof cut {
    const end = held.indexOf(">", at);
    if (end < 0) return this.#more();
    const open = this.#open.pop();
    if (open === undefined || held.slice(at + 2, end).replace(/[ \t\r\n]+$/, "") !== open.name) return this.#fail(at);
    for (const prefix of open.prefixes) this.#declared.set(prefix, this.#declared.get(prefix)! - 1);
    this.#text.at = end + 1;
    this.depth = this.#open.length;
    return "end";
  }

  #startTag(held: string, from: number): XmlNode | typeof cut {
    let at = from + 1;
    let end = nameEnd(held, at);
    if (end === held.length) return this.#more();
    this.element = held.slice(at, end);
    const prefix = this.#names.prefix(this.element);
    if (prefix === undefined || (this.#hasRoot && this.#open.length === 0)) return this.#fail(at);
    this.attributes.length = this.values.length = 0;
    let needsPrefixes = prefix !== "";
    for (at = end; ; at = end + 1) {
      const afterSpace = skipSpace(held, at);
      const letter = held.charCodeAt(afterSpace);
      if (letter === 0x3e || letter === 0x2f) {
        at = afterSpace;
        break;
      }
      if (afterSpace === held.length) return this.#more();
      if (afterSpace === at) return this.#fail(at);
      end = nameEnd(held, afterSpace);
      if (end === held.length) return this.#more();
      const name = held.slice(afterSpace, end);
      const ofName = this.#names.prefix(name);
      if (ofName === undefined) return this.#fail(afterSpace);
      needsPrefixes ||= ofName !== "";
      const equals = skipSpace(held, end);
      const open = skipSpace(held, equals + 1);
      if (open >= held.length) return this.#more();
      const quote = held.charCodeAt(open);
      if (held.charCodeAt(equals) !== 0x3d || (quote !== 0x22 && quote !== 0x27)) return this.#fail(equals);
      end = held.indexOf(quote === 0x22 ? '"' : "'", open + 1);
      if (end < 0) return this.#more();
      const value = held.slice(open + 1, end);
      this.attributes.push(name);
      this.values.push(special.test(value) ? this.#normal(value, open + 1) : value);
    }
    this.isEmpty = held.charCodeAt(at) === 0x2f;
    if (this.isEmpty && ++at === held.length) return this.#more();
    if (held.charCodeAt(at) !== 0x3e || hasTwice(this.attributes)) return this.#fail(at);
    this.#isBegun = this.#hasRoot = true;
    this.#text.at = at + 1;
    this.depth = this.#open.length;
    const prefixes = needsPrefixes ? this.#declare(prefix, at) : [];
    if (!this.isEmpty) this.#open.push({ name: this.element, prefixes });
    else for (const declared of prefixes) this.#declared.set(declared, this.#declared.get(declared)! - 1);
    return "start";
  }

  // Namespaces 1.0 §2: what an element declares, and that all it uses is declared.
  #declare(prefix: string, at: number): string[] {
    const declared = this.attributes.filter((name) => name.startsWith("xmlns:")).map((name) => name.slice(6));
    for (const name of declared) this.#declared.set(name, (this.#declared.get(name) ?? 0) + 1);
    for (const used of [prefix, ...this.attributes.map((name) => this.#names.prefix(name)!)])
      if (used !== "" && used !== "xmlns" && !((this.#declared.get(used) ?? 0) > 0)) throw this.#text.broken(at);
    return declared;
  }

  // An attribute's value (XML 1.0 §3.3.3): references resolved, white space as spaces.
  #normal(value: string, at: number): string {
    const wrong = value.search(/[<\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/);
    if (wrong >= 0) throw this.#text.broken(at + wrong);
    const spaced = value.replace(/\r\n|[\t\n\r]/g, " ");
    return spaced.includes("&") ? this.#resolve(spaced, at) : spaced;
  }

  // The names of a member's few devices stand in every record.
  #resolve(text: string, at: number): string {
    const known = this.#resolved.get(text);
    if (known !== undefined) return known;
    const resolved = this.#resolveAnew(text, at);
    if (this.#resolved.size === mostResolved) this.#resolved.clear();
    if (text.length < longestResolved) this.#resolved.set(text, resolved);
    return resolved;
  }

  #resolveAnew(text: string, at: number): string {
    return text.replace(/&([^;&]*);?/g, (whole: string, name: string, offset: number) => {
      const found = whole.endsWith(";") ? referred(name) : undefined;
      if (found === undefined) throw this.#text.broken(at + offset);
      return found;
    });
  }

  #pass(held: string, from: number, to: number): typeof none {
    const wrong = held.slice(from, to).search(noChar);
    if (wrong >= 0) throw this.#text.broken(from + wrong);
    this.#text.at = to;
    return none;
  }

  #more(): typeof cut {
    if (this.#text.ended) throw this.#text.broken(this.#text.held.length);
    return cut;
  }

  #fail(at: number): never {
    throw this.#text.broken(at);
  }
}

function referred(name: string): string | undefined {
  switch (name) {
    case "amp": return "&";
    case "lt": return "<";
    case "gt": return ">";
    case "quot": return '"';
    case "apos": return "'";
  }
  const code = /^#x[0-9a-fA-F]+$/.test(name) ? parseInt(name.slice(2), 16) : /^#[0-9]+$/.test(name) ? parseInt(name.slice(1), 10) : -1;
  const isChar = code === 9 || code === 10 || code === 13 || (code >= 0x20 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd)
    || (code >= 0x10000 && code <= 0x10ffff);
  return isChar ? String.fromCodePoint(code) : undefined;
}

function nameEnd(held: string, from: number): number {
  let at = from;
  for (; at < held.length; at++) {
    const letter = held.charCodeAt(at);
    // Space, quotes, & / < = >, and other control characters end a name.
    if (letter <= 0x3e && (letter <= 0x22 || letter === 0x26 || letter === 0x27 || letter === 0x2f || letter >= 0x3c)) break;
  }
  return at;
}

function skipSpace(held: string, from: number): number {
  let at = from;
  for (; at < held.length; at++) {
    const letter = held.charCodeAt(at);
    if (letter !== 0x20 && letter !== 0x0a && letter !== 0x0d && letter !== 0x09) break;
  }
  return at;
}

const hasTwice = (names: readonly string[]): boolean =>
  names.length < 12 ? names.some((name, i) => names.indexOf(name) !== i) : new Set(names).size !== names.length;
