/**
 * The member's side of a contribution in a browser: read, clean, encrypt, upload, sign, hand in, and check what comes back.
 *
 * Guarantee: nothing leaves but ciphertext to the dataset and to the member, and a ticket sealed to one validator. What is kept meanwhile
 * is no secret. On the wire it is what Contributor of the command line sends.
 * Trust: the recipients, which the page takes from `verifiedDao` (held against the chain) and from the validator's own signature.
 */
export { ciphertexts } from "./storage.ts";
export { estimate } from "./estimate.ts";
export { evidenceDigest } from "./evidence-digest.ts";
export { makeEvidence } from "./evidence.ts";
export type { MadeEvidence } from "./evidence.ts";
export { checkedLink, completeDraft, postOf } from "./proof.ts";
export type { CodeTask, Proof, ProofOf } from "./proof.ts";
export { accountCode, codeVerifier } from "./commitment.ts";
export { journal, journalId } from "./journal.ts";
export type { KeptTerms, SignedTerms, Unfinished } from "./journal.ts";
export { leafHash, rootOf } from "./leaf.ts";
export type { BatchProof, Leaf } from "./leaf.ts";
export { openOwn, openSmall } from "./open.ts";
export { parsePolicy } from "./policy.ts";
export type { ContributionPolicy } from "./policy.ts";
export { offersOf } from "./proofs.ts";
export type { Offer, Offers } from "./proofs.ts";
export { checkReceipt } from "./receipt.ts";
export type { ChainFacts, Receipt, ReceiptCheck } from "./receipt.ts";
export { readReport } from "./report.ts";
export type { ContributionState, ContributionStatus, Report } from "./report.ts";
export { sealExport } from "./seal.ts";
export { codeChallenge, newSignIn, readSignIn, sealSignIn, signInUrl } from "./sign-in.ts";
export { submissionOf } from "./submission.ts";
export * from "./terms.ts";
export { upload } from "./upload.ts";
export { chooseValidator, hasValidRecipient } from "./validators.ts";
