/**
 * The vote in the browser: reading proposals, voting, delegating, carrying out, proposing.
 *
 * Guarantee: what one is asked to sign says what the chain would do, built here from the chain; the node's words are only compared with it.
 * Trust: the chain endpoint (web/chain), and the key's keeper (web/keys). The node can refuse or delay, and change nothing.
 */
export { calls, carryOut, delegate, maxReasonBytes, NotNow, propose, proposeRequest, vote, type Call, type Support, type VotingRules } from "./acts.ts";
export { checkProposal, checkRequest, holdPage, ProposalAltered, type CheckedAction, type CheckedProposal, type CheckedRequest } from "./check.ts";
export { busy, clear, say, sayProblem, watchDue } from "./status.ts";
