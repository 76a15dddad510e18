/** What a field of a record holds, as SourceValue in src/Commonhold.Exports/Sources: of numbers the literal, of objects and arrays
 *  their JSON. */
export interface SourceValue {
  readonly kind: "null" | "boolean" | "number" | "text" | "structure" | "blob";
  readonly text: string;
}

export const nullValue: SourceValue = { kind: "null", text: "" };

/** Records of a provider's file, one at a time, in the order in which they stand there. */
export interface RecordReader {
  /** Number of the record that was read last, from 1. */
  readonly number: number;
  /** Names in the records that nobody asked for, in order of appearance. */
  readonly otherFields: readonly string[];
  /** What a person should know about what was read, such as that newer rows stand in another file. */
  readonly note?: string | undefined;
  /** Goes to the next record; false at the end of a file that was whole. */
  read(): Promise<boolean>;
  /** A field by its place among those asked for; undefined where the record does not have it. */
  get(field: number): SourceValue | undefined;
}

/** Which records of a file are wanted, and what of them, in the language of the reader. */
export interface RecordSelection {
  readonly path: string;
  readonly fields: readonly string[];
}
