import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { toHex } from "../open/hex.ts";

/** One line of a guardian's log (docs/protocol.md §6): a release, its place, and the digest that chains it to the line before. */
export interface LogLine {
  readonly sequence: number;
  /** Unix seconds, by the guardian's clock. */
  readonly time: number;
  readonly block: number;
  readonly blockHash: string;
  readonly grantId: number;
  readonly termsHash: string;
  readonly batchId: number;
  /** The contributions that were answered. */
  readonly indices: readonly number[];
  readonly previous: string;
  readonly digest: string;
}

/** The log is not what an honest guardian writes; `sequence` is the first line that is wrong. */
export class BrokenLog extends Error {
  override readonly name = "BrokenLog";

  constructor(readonly sequence: number, message: string) {
    super(message);
  }
}

/** Longer than any line; 1,000 indices, all refused, stay well below it. */
const mostBytes = 256 * 1024;

const number = "(0|[1-9][0-9]{0,19})";
const digest = '"(0x[0-9a-f]{64})"';
const list = (item: string) => `(?:${item}(?:,${item})*)?`;
const refusal = '\\{"index":(?:0|[1-9][0-9]{0,9}),"code":"[a-z0-9_.]{1,64}"\\}';

// One spelling only: fields in this order, no white space. The digest stands over the line without its last field.
const spelling = new RegExp(
  `^(\\{"sequence":${number},"time":${number},"block":${number},"blockHash":${digest},"grantId":${number},"termsHash":${digest},"batchId":${number},`
  + `"indices":\\[(${list("(?:0|[1-9][0-9]{0,9})")})\\],"answerDigest":${digest},"refusals":\\[${list(refusal)}\\],"previous":${digest}),"digest":${digest}\\}$`,
);

export const noDigest = `0x${"0".repeat(64)}`;

/** Takes a log's lines in order and throws `BrokenLog` at the first that does not follow. */
export class LogVerifier {
  count = 0;
  head: string = noDigest;

  accept(text: string): LogLine {
    if (text.length > mostBytes) throw new BrokenLog(this.count, `Line ${this.count} is longer than any line of a log.`);
    const match = spelling.exec(text);
    if (match === null) throw new BrokenLog(this.count, `Line ${this.count} is not spelled as a line of a log is.`);
    const [, body, sequence, time, block, blockHash, grantId, termsHash, batchId, indices, , previous, said] = match as unknown as string[];
    if (toHex(sha256(utf8ToBytes(`${body}}`))) !== said) throw new BrokenLog(this.count, `Line ${this.count} does not match its digest.`);
    const line: LogLine = {
      sequence: Number(sequence), time: Number(time), block: Number(block), blockHash: blockHash!, grantId: Number(grantId), termsHash: termsHash!,
      batchId: Number(batchId), indices: indices === "" ? [] : indices!.split(",").map(Number), previous: previous!, digest: said!,
    };
    if (line.sequence !== this.count) throw new BrokenLog(this.count, `Line ${this.count} carries the number ${line.sequence}.`);
    if (line.previous !== this.head) throw new BrokenLog(this.count, `Line ${this.count} does not follow the line before it.`);
    const isSane = line.time < 253_402_300_800 && [line.block, line.grantId, line.batchId].every((value) => value <= Number.MAX_SAFE_INTEGER)
      && line.indices.every((index) => index <= 0xffffffff);
    if (!isSane) throw new BrokenLog(this.count, `Line ${this.count} carries a number that no chain and no clock has.`);
    this.count++;
    this.head = line.digest;
    return line;
  }
}
