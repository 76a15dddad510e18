import type { CsvReader } from "../csv/reader.ts";
import { grouped } from "../bytes.ts";
import type { StructureCheck } from "../reading.ts";
import { ExportRefused, show } from "../refusal.ts";
import { shown } from "./date.ts";
import { kind } from "./definition.ts";
import type { RedditFileKind } from "./definition.ts";
import type { RedditHeader } from "./header.ts";

const again = "Download the export from Reddit again and pass it unopened.";

const failed = (name: string, code: string, evidence: string): StructureCheck =>
  ({ name, outcome: "Failed", evidence, refusal: new ExportRefused(code, evidence, again) });

/** Holds every dated row against the account's life: registration ≤ date ≤ export, give or take the skew. */
export class LifeSpan {
  #checked = 0;
  #failure: string | undefined;

  constructor(readonly registered: number, readonly exported: number, readonly skew: number) {
    if (registered > exported)
      this.#failure = `The account was registered ${shown(registered)}, after its export of ${shown(exported)}.`;
  }

  take(file: string, row: number, at: number): void {
    this.#checked++;
    if (at < this.registered - this.skew || at > this.exported + this.skew)
      this.#failure ??= `${file}, row ${grouped(row)} is dated ${shown(at)}, outside ${shown(this.registered)} to ${shown(this.exported)}.`;
  }

  conclude(): StructureCheck {
    return this.#failure === undefined
      ? { name: "dates", outcome: "Passed", evidence: `${grouped(this.#checked)} dates lie between registration and export.` }
      : failed("dates", "export.date_out_of_life", this.#failure);
  }
}

/** The digests of `checkfile.csv` and what they say of each file. Unsigned: it stops accidents, not forgers. */
export class Checkfile {
  readonly #listed = new Map<string, string>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get count(): number {
    return this.#listed.size;
  }

  take(reader: CsvReader, fileName: number, sha256: number): void {
    const name = reader.text(fileName);
    const digest = reader.text(sha256);
    if (!/^[0-9a-fA-F]{64}$/.test(digest) || reader.value(fileName).length > 128)
      throw new ExportRefused("export.checkfile", `checkfile.csv, row ${reader.rowNumber} is not a name and a SHA-256.`, again);
    if (this.#listed.size >= this.#limit || this.#listed.has(name))
      throw new ExportRefused("export.checkfile", `checkfile.csv lists ${show(name)} twice, or too many files.`, again);
    this.#listed.set(name, digest.toLowerCase());
  }

  /** The check over all files that were read. An original lists every file. */
  conclude(files: readonly { readonly name: string; readonly sha256: string }[], isOriginal: boolean): StructureCheck {
    const seen = new Set(files.map((file) => file.name));
    const judged = files.map((file) => {
      const listed = this.#listed.get(file.name);
      return { name: file.name, integrity: listed === undefined ? (isOriginal ? "unlisted" : "altered") : listed === file.sha256 ? "matches" : "differs" };
    });
    const check = (detail: string): StructureCheck => failed("checkfile", "export.checkfile", detail);
    const missing = [...this.#listed.keys()].find((name) => !seen.has(name) && name !== "checkfile.csv");
    if (missing !== undefined) return check(`${show(missing)} is listed in checkfile.csv and missing from the archive.`);
    const differs = judged.find((file) => file.integrity === "differs");
    if (differs !== undefined) return check(`${differs.name} is not the file that checkfile.csv lists: its SHA-256 differs.`);
    const unlisted = judged.find((file) => file.integrity === "unlisted");
    if (unlisted !== undefined) return check(`${unlisted.name} is not listed in checkfile.csv.`);
    const matches = judged.filter((file) => file.integrity === "matches").length;
    const altered = judged.length - matches;
    const evidence = `${matches} files match their SHA-256` +
      (altered === 0 ? "." : `, ${altered} were altered by cleaning and are not checked.`);
    return { name: "checkfile", outcome: matches > 0 ? "Passed" : "NotChecked", evidence };
  }

  /** The lines for these files, as the checkfile of a cleaned archive. */
  writeFor(fileNames: readonly string[]): string {
    const lines = fileNames.filter((name) => this.#listed.has(name)).map((name) => `${name},${this.#listed.get(name)!}\r\n`);
    return "filename,sha256\r\n" + lines.join("");
  }
}

interface Side {
  always: number[];
  others: number[];
  columns: string;
  isPresent: boolean;
  rows: number;
  sum: RowSum;
  sumOfAll: RowSum;
}

const alwaysShared = ["id", "permalink", "date", "subreddit"];

/** Holds a `*_headers` file against its full file: the same rows, equal in every column both have. Each row becomes a number and
 *  each file the sum of its rows, so neither order nor length matters to memory. */
export class HeadersComparison {
  readonly full: RedditFileKind;
  readonly #others: string[];
  readonly #sides: [Side, Side] = [newSide(), newSide()];

  constructor(readonly headers: RedditFileKind) {
    this.full = kind(headers.headersOf!);
    const fullColumns = this.full.headers[0]!;
    this.#others = headers.headers[0]!.filter((column) => !alwaysShared.includes(column) && fullColumns.includes(column));
  }

  concerns(file: RedditFileKind): boolean {
    return file === this.full || file === this.headers;
  }

  /** Begins a file (or part) of either side. */
  begin(file: RedditFileKind, header: RedditHeader): void {
    const side = this.#side(file);
    side.always = alwaysShared.map((column) => header.columns.indexOf(column)).filter((at) => at >= 0);
    side.others = this.#others.map((column) => header.columns.indexOf(column));
    side.columns = this.#others.filter((column) => header.columns.includes(column)).join(",");
    side.isPresent = true;
  }

  take(file: RedditFileKind, reader: CsvReader): void {
    const side = this.#side(file);
    const hash = new RowHash();
    for (const column of side.always) hash.append(reader.value(column));
    side.sum.add(hash);
    for (const column of side.others) if (column >= 0) hash.append(reader.value(column));
    side.sumOfAll.add(hash);
    side.rows++;
  }

  conclude(): StructureCheck {
    const [full, short] = this.#sides;
    const [fullName, shortName] = [this.full.name, this.headers.name];
    const check = (detail: string): StructureCheck => failed(shortName, "export.headers_mismatch", detail);
    if (!full.isPresent || !short.isPresent)
      return { name: shortName, outcome: "NotChecked", evidence: `The archive has no ${full.isPresent ? shortName : fullName}.csv.` };
    if (full.rows !== short.rows)
      return check(`${fullName}.csv has ${grouped(full.rows)} rows and ${shortName}.csv ${grouped(short.rows)}.`);
    if (!full.sum.equals(short.sum)) return check(`${fullName}.csv and ${shortName}.csv do not list the same rows.`);
    if (full.columns === short.columns && !full.sumOfAll.equals(short.sumOfAll))
      return check(`${fullName}.csv and ${shortName}.csv differ in one of ${full.columns}.`);
    return { name: shortName, outcome: "Passed", evidence: `${grouped(full.rows)} rows agree.` };
  }

  #side(file: RedditFileKind): Side {
    return this.#sides[file === this.headers ? 1 : 0];
  }
}

const newSide = (): Side =>
  ({ always: [], others: [], columns: "", isPresent: false, rows: 0, sum: new RowSum(), sumOfAll: new RowSum() });

// Two FNV-1a lanes of 32 bits with different primes. Unkeyed: members check their own exports here, validators check again.
class RowHash {
  a = 0x811c9dc5;
  b = 0x9747b28c;

  append(bytes: Uint8Array): void {
    for (const byte of bytes) this.#mix(byte);
    this.#mix(0x100 + (bytes.length & 0xff));
  }

  #mix(value: number): void {
    this.a = Math.imul(this.a ^ value, 0x01000193);
    this.b = Math.imul(this.b ^ value, 0x85ebca6b);
    this.b ^= this.b >>> 15;
  }
}

class RowSum {
  #a = 0;
  #b = 0;

  add(hash: RowHash): void {
    this.#a = (this.#a + hash.a) | 0;
    this.#b = (this.#b + hash.b) | 0;
  }

  equals(other: RowSum): boolean {
    return this.#a === other.#a && this.#b === other.#b;
  }
}
