import type { Hex } from "viem";
import { ExportRefused } from "../exports/refusal.ts";
import type { Commitment } from "./commitment.ts";
import { sealBytes } from "./ticket.ts";

/** What a member chose to show; the names are those of the evidence on the wire. */
export type Proof =
  | { readonly type: "email"; readonly message: Blob }
  | { readonly type: "account_code"; readonly place: string; readonly words: string; readonly url: string }
  | { readonly type: "download"; readonly url: string }
  /** Made once the file is uploaded, because what comes back lives for minutes. */
  | { readonly type: "oauth"; readonly platform: string };

/** Whose proof it is, and of which file. */
export type ProofOf = Omit<Commitment, "salt">;

/** What a member has to do before the evidence counts. The code is public as soon as it is of use; nothing else here can be read by anybody but the member. */
export interface CodeTask {
  readonly code: string;
  /** Where it goes, in the policy's words. */
  readonly words: string;
  /** The page's address, with `{post}` where the member has to name the post afterwards. */
  readonly url: string;
  /** What will be sealed to the validator once the post has been named; until then only the member can open it. */
  readonly draft?: Uint8Array | undefined;
}

/** What an evidence file holds (docs/protocol.md §5). */
export interface Bundle {
  readonly version: 1;
  readonly ciphertextDigest: Hex;
  readonly items: readonly (Readonly<Record<string, unknown>> & { readonly type: string })[];
}

/** Bytes of the age file; the JSON inside is a little less. The figure of EvidenceBundle. */
export const mostJsonBytes = (256 << 10) - (4 << 10);
const mostLinkLength = 4096;
const mostPostLength = 64;

export const hasPost = (url: string): boolean => url.includes("{post}");

/** Adds the post that the code stands in to a draft, which the member has opened, and seals it to the validator. */
export async function completeDraft(draft: string, post: string, validator: string): Promise<Uint8Array> {
  const { items, ...rest } = JSON.parse(draft) as Bundle;
  return sealBundle({ ...rest, items: items.map((item) => (item.type === "account_code" ? { ...item, post } : item)) }, validator);
}

/** The id of a post, out of what a member pasted: the id, or the address as the browser shows it. */
export function postOf(pasted: string, template: string): string {
  const text = pasted.trim();
  // "/comments/{post}.json" → what follows "/comments/" in the pasted address, as far as an id goes.
  const before = /\/([^/{}]+)\/\{post\}/.exec(template)?.[1];
  const post = /^https?:\/\//.test(text) && before !== undefined ? new RegExp(`/${before.replaceAll(/[^\w-]/g, "\\$&")}/([\\w-]+)`).exec(text)?.[1] : text;
  if (post === undefined || post.length > mostPostLength || !/^[\w.-]*[\w-][\w.-]*$/.test(post))
    throw new ExportRefused("evidence.post_invalid", "That names no post.", "Paste the post's address as your browser shows it, or its id: letters and digits.");
  return post;
}

/** A provider's link as it can be used at all; whether its host counts is for the policy to say. */
export function checkedLink(pasted: string): string {
  const link = pasted.trim();
  const url = link.length <= mostLinkLength && URL.canParse(link) ? new URL(link) : undefined;
  if (url === undefined || (url.protocol !== "https:" && !(url.protocol === "http:" && url.hostname === "127.0.0.1")))
    throw new ExportRefused("evidence.url_invalid", "That is no link.", "Copy the whole address, from https to its end.");
  return link;
}

/** An age file to one recipient. */
export async function sealBundle(bundle: Bundle, recipient: string): Promise<Uint8Array> {
  const json = new TextEncoder().encode(JSON.stringify(bundle));
  try {
    if (json.length > mostJsonBytes)
      throw new ExportRefused("evidence.too_large", `The evidence has more than ${mostJsonBytes} bytes.`, "Save the message alone, without attachments.");
    return await sealBytes(json, recipient);
  } finally {
    json.fill(0);
  }
}
