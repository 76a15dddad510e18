import { encoder, grouped } from "../bytes.ts";
import type { ByteSource } from "../csv/reader.ts";
import type { ExportLimits } from "../limits.ts";
import { ExportRefused } from "../refusal.ts";
import type { RecordReader, RecordSelection, SourceValue } from "../values.ts";
import { XmlScanner } from "./scanner.ts";

const mostOthers = 256;
const otherBytes = 256;

// An attribute of a child element that another attribute picks out: MetadataEntry[key='HKWasUserEntered']/value.
interface Child {
  readonly element: string;
  readonly key: string | undefined;
  readonly keyValue: string;
  readonly attribute: string;
  readonly slot: number;
}

/**
 * Streams elements of an XML document of any size, with their attributes, one held at a time.
 *
 * A path is `HealthData/Record`, from the root; elements deeper down are not meant by it. A field is an attribute of the record, or
 * an attribute of a child element; the first such child counts. As XmlRecordReader.cs.
 */
export class XmlRecordReader implements RecordReader {
  readonly #scanner: XmlScanner;
  readonly #name: string;
  readonly #limits: ExportLimits;
  readonly #path: readonly string[];
  readonly #slots = new Map<string, number>();
  readonly #children: Child[] = [];
  readonly #others = new Set<string>();
  readonly #values: (string | undefined)[];
  #matched = 0;
  #ended = false;

  number = 0;

  constructor(source: ByteSource, selection: RecordSelection, limits: ExportLimits) {
    this.#name = source.name;
    this.#limits = limits;
    this.#scanner = new XmlScanner(source, limits);
    this.#path = selection.path.split("/");
    this.#values = selection.fields.map(() => undefined);
    for (const [slot, field] of selection.fields.entries()) {
      const child = /^([^/[]+)(?:\[([^=]+)='([^']*)'\])?\/([^/]+)$/.exec(field);
      if (child === null) this.#slots.set(field, slot);
      else this.#children.push({ element: child[1]!, key: child[2], keyValue: child[3] ?? "", attribute: child[4]!, slot });
    }
  }

  get otherFields(): readonly string[] {
    return [...this.#others];
  }

  get(field: number): SourceValue | undefined {
    const text = this.#values[field];
    return text === undefined ? undefined : { kind: "text", text };
  }

  async read(): Promise<boolean> {
    this.#values.fill(undefined);
    while (!this.#ended) {
      const node = await this.#scanner.next(true);
      if (node === "eof") this.#ended = true;
      else if (node === "start" && this.#enters()) {
        await this.#readRecord();
        if (++this.number > this.#limits.rows)
          throw new ExportRefused(
            "export.too_many_rows", `${this.#name} holds more than ${grouped(this.#limits.rows)} records.`, "Ask the DAO's operator whether the limit can be raised.");
        return true;
      }
    }
    return false;
  }

  // Follows the path into the element that was just reached; true when it is a record.
  #enters(): boolean {
    const { depth, element } = this.#scanner;
    this.#matched = Math.min(this.#matched, depth);
    if (this.#matched !== depth || this.#path[depth] !== element) return false;
    return ++this.#matched === this.#path.length;
  }

  async #readRecord(): Promise<void> {
    const { attributes, values, depth, isEmpty } = this.#scanner;
    for (const [i, name] of attributes.entries()) {
      const slot = this.#slots.get(name) ?? this.#passOver(name);
      if (slot >= 0) this.#values[slot] = values[i];
    }
    // Without fields in children the element's end is found by the pass that looks for the next record.
    if (isEmpty || this.#children.length === 0) return;
    for (let node = await this.#scanner.next(false); node !== "eof" && this.#scanner.depth > depth; node = await this.#scanner.next(false))
      if (node === "start" && this.#scanner.depth === depth + 1) this.#readChild();
  }

  #readChild(): void {
    const { element, attributes, values } = this.#scanner;
    const value = (name: string): string | undefined => {
      const at = attributes.indexOf(name);
      return at < 0 ? undefined : values[at];
    };
    for (const child of this.#children)
      if (child.element === element && this.#values[child.slot] === undefined && (child.key === undefined || value(child.key) === child.keyValue))
        this.#values[child.slot] = value(child.attribute);
  }

  #passOver(name: string): number {
    this.#slots.set(name, -1);
    if (this.#others.size < mostOthers) {
      const bytes = encoder.encode(name);
      let end = Math.min(bytes.length, otherBytes);
      while (end < bytes.length && (bytes[end]! & 0xc0) === 0x80) end--;
      this.#others.add(new TextDecoder().decode(bytes.subarray(0, end)));
    }
    return -1;
  }
}
