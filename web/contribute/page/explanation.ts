import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "viem";
import { withIdentity } from "../../keys/index.ts";
import { el } from "../../shared/dom.ts";
import { count, counted } from "../../shared/format.ts";
import { problemOf } from "../../shared/node.ts";
import { openSmall } from "../open.ts";
import { noDigest } from "../terms.ts";
import { readReport } from "../report.ts";
import type { ContributionStatus } from "../report.ts";
import { FileRefused } from "./file-worker.ts";
import { table } from "./parts.ts";
import { kindWord, tokens } from "./words.ts";

/** What every part of a contribution earned, with the names of its places: sealed to the member (docs/protocol.md §5). */
interface Explanation {
  readonly version: number;
  readonly ciphertextDigest: string;
  readonly points: string;
  readonly paidBefore: string;
  readonly weightPermille: number;
  readonly cells: readonly { readonly kind: string; readonly place: string; readonly quarter: string; readonly rows: number; readonly newRows: number; readonly points: string }[];
  readonly otherCells: number;
  readonly otherPoints: string;
}

/** Fetches, checks and opens an explanation; asks for the member's key. */
export async function explain(status: ContributionStatus): Promise<HTMLElement> {
  const report = readReport(status);
  if (report === undefined || report.explanationDigest === noDigest)
    throw new FileRefused({ code: "explanation.unknown", detail: "There is no explanation of this contribution.", hint: "A validator writes one when the ticket says to whom." });
  const response = await fetch(`/v1/contributions/${status.ciphertextDigest}/explanation`);
  if (!response.ok) throw await problemOf(response);
  const file = new Uint8Array(await response.arrayBuffer());
  if (bytesToHex(sha256(file)) !== report.explanationDigest.toLowerCase())
    throw new FileRefused({ code: "explanation.digest_mismatch", detail: "The explanation is not the one that the validator signed for.", hint: "Ask another node." });
  const explanation = JSON.parse(await withIdentity("Read what each part of your contribution earned.", (identity) => openSmall(file, identity))) as Explanation;
  if (explanation.ciphertextDigest.toLowerCase() !== status.ciphertextDigest.toLowerCase())
    throw new FileRefused({ code: "explanation.invalid", detail: "The explanation is of another file.", hint: "Tell the DAO's operators." });
  return view(explanation);
}

function view({ points, weightPermille, cells, otherCells, otherPoints }: Explanation): HTMLElement {
  return el("div", { class: "flow" },
    el("p", {}, `In all ${tokens(points)}. With the proof that came with it, the file counts ${weightPermille / 10} % of its full value.`),
    table("By kind, place and quarter", "Sealed to you: nobody else has seen this table.", ["What", "Records", "New", "Tokens"],
      cells.map((cell) => [cellWords(cell), count(cell.rows), count(cell.newRows), tokens(cell.points).replace(/ tokens?$/, "")]), [1, 2, 3]),
    otherCells > 0 && el("p", {}, `${counted(otherCells, "more line")} earned ${tokens(otherPoints)} together.`));
}

/** "comments in worldnews, Q1 2019". */
const cellWords = ({ kind, place, quarter }: { readonly kind: string; readonly place: string; readonly quarter: string }): string =>
  kindWord(kind) + (place === "" ? "" : ` in ${place}`) + (quarter === "" ? "" : `, ${quarter.slice(5)} ${quarter.slice(0, 4)}`);
