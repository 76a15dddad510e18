import { base64 } from "@scure/base";
import type { Address } from "viem";
import type { SignedTerms } from "./journal.ts";
import type { Registry } from "./terms.ts";

/** The body of `POST /v1/contributions` (docs/protocol.md §5). */
export const submissionOf = (
  { terms, signature }: SignedTerms, registry: Registry, validator: Address, ticket: Uint8Array, evidence: Uint8Array | undefined) => ({
  ...terms,
  signature,
  validator,
  ticket: base64.encode(ticket),
  ...(evidence === undefined ? {} : { evidence: base64.encode(evidence) }),
  chainId: registry.chainId,
  registry: registry.address,
});
