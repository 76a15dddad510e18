/** What a hostile export may cost: the figures of `ExportLimits` and `SourceLimits` in src/Commonhold.Exports. Sizes in bytes. */
export interface ExportLimits {
  /** Entries of a flat archive; archives of other providers may have up to 65,534. */
  readonly entries: number;
  readonly archiveBytes: number;
  /** Inflated bytes of one file, and of all that are opened. */
  readonly fileBytes: number;
  readonly totalBytes: number;
  /** Inflated ÷ compressed size of one file; files up to `ratioFreeBytes` are not held to it. */
  readonly ratio: number;
  readonly ratioFreeBytes: number;
  readonly columns: number;
  readonly fieldBytes: number;
  /** Bytes of a row or record; about the most that a reader holds of a file. */
  readonly rowBytes: number;
  /** Bytes of a record that is expanded into others, such as a conversation into its messages. */
  readonly containerBytes: number;
  readonly depth: number;
  readonly rows: number;
  readonly places: number;
  /** How far a date may lie outside the account's life. */
  readonly dateSkewSeconds: number;
}

const MiB = 1 << 20;

export const defaultLimits: ExportLimits = {
  entries: 128,
  archiveBytes: 1024 * MiB,
  fileBytes: 1024 * MiB,
  totalBytes: 2048 * MiB,
  ratio: 100,
  ratioFreeBytes: 64 << 10,
  columns: 64,
  fieldBytes: 512 << 10,
  rowBytes: MiB,
  containerBytes: 64 * MiB,
  depth: 64,
  rows: 5_000_000,
  places: 1 << 18,
  dateSkewSeconds: 86_400,
};

/** For a provider's own form on the member's machine: `ExportLimits.OwnMachine`. What is cleaned out of it must fit `defaultLimits`,
 *  by which validators read. */
export const ownMachineLimits: ExportLimits = { ...defaultLimits, fileBytes: 16 * 1024 * MiB, totalBytes: 128 * 1024 * MiB };
