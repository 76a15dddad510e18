import { encodeFunctionData, type Address, type Hex } from "viem";
import { accessMarketAbi, contributionRegistryAbi, dataGovernorAbi, dataTokenAbi, revenuePoolAbi, timelockControllerAbi } from "../chain/abi.ts";
import { chain, verifiedDao, type VerifiedDao } from "../chain/index.ts";
import { currentAccount, NoAccount, withSigner, type Signer } from "../keys/index.ts";
import { hashTerms } from "../market/terms.ts";
import { get, post, relayed } from "../shared/node.ts";
import { readAction, type ProposalAction } from "./actions.ts";
import { ballotData, delegationData } from "./ballot.ts";
import { checkRequest, type CheckedProposal } from "./check.ts";
import { proposalId, signedDescription, type ProposalView } from "./proposal.ts";
import { actionSentence } from "./sentence.ts";
import { short, tokens } from "./words.ts";

/** Why an act makes no sense now, in a sentence that is shown as it is. */
export class NotNow extends Error {
  override readonly name = "NotNow";

  constructor(readonly code: string, message: string) {
    super(message);
  }
}

export type Support = 0 | 1 | 2;

const verbs = ["Vote against", "Vote for", "Abstain from"] as const;

/** The longest reason that the relayer pays for, in bytes of UTF-8. */
export const maxReasonBytes = 500;

interface Receipt {
  readonly id: string;
}

/** Votes in one signature: the node sends it and pays for it, and can change nothing about it. */
export async function vote(proposal: CheckedProposal, support: Support, reason = ""): Promise<void> {
  const { dao, id, sentence } = proposal;
  const governor = { address: dao.contracts.governor, abi: dataGovernorAbi };
  if (new TextEncoder().encode(reason).length > maxReasonBytes) throw new NotNow("relay.reason_too_long", `A reason has at most ${maxReasonBytes} bytes. Say it shorter.`);
  const { address } = (await currentAccount()) ?? fail(new NoAccount());
  const [state, opened, voted] = await Promise.all([
    chain().read(governor, "state", [id]), chain().read(governor, "proposalSnapshot", [id]), chain().read(governor, "hasVoted", [id, address]),
  ]);
  if (state === 0) throw new NotNow("proposal.not_active", "Voting has not begun. Come back when it opens.");
  if (state !== 1) throw new NotNow("proposal.not_active", "Voting is over.");
  if (voted) throw new NotNow("vote.cast", "You have voted already, and a vote cannot be changed.");
  const weight = await chain().read(governor, "getVotes", [address, opened]);
  if (weight === 0n) throw new NotNow("vote.no_weight", `The account ${short(address)} had no votes when voting opened, so a vote of it would count nothing.`);
  const receipt = await withSigner(`${verbs[support]}: ${sentence}${paidIn(proposal)}`, async (signer) => {
    const nonce = await chain().read(governor, "nonces", [signer.address]);
    const signature = await signer.signTypedData(ballotData({ chainId: dao.chainId, governor: governor.address, proposalId: id, support, voter: signer.address, nonce, reason }));
    return post<Receipt>("/v1/relay/votes", { proposalId: id.toString(), support, voter: signer.address, signature, ...(reason !== "" && { reason }) });
  });
  await relayed(receipt.id);
}

/** Anybody may call a currency "USDC": which one it is, its address tells. */
const paidIn = ({ actions }: CheckedProposal): string =>
  actions.map(({ request }) => (request?.currency === undefined ? "" : ` The price is in the currency of the contract ${request.currency.address}.`)).join("");

const delegationLifetime = 86_400;

/** Lets another account vote with this one's tokens; with its own address it votes itself again. */
export async function delegate(to: Address): Promise<void> {
  const dao = await verifiedDao();
  const token = { address: dao.contracts.token, abi: dataTokenAbi };
  const { address } = (await currentAccount()) ?? fail(new NoAccount());
  if ((await chain().read(token, "delegates", [address])) === to) throw new NotNow("delegation.same", "Your tokens vote through that account already.");
  const isSelf = to === address;
  const sentence = isSelf ? "Vote with your own tokens yourself again." : `Let ${to} vote with all your tokens, until you change it. The tokens stay yours.`;
  const receipt = await withSigner(sentence, async (signer) => {
    const [name, nonce, now] = await Promise.all([chain().read(token, "name"), chain().read(token, "nonces", [signer.address]), chain().blockTime()]);
    const expiry = BigInt(now + delegationLifetime);
    const signature = await signer.signTypedData(delegationData({ chainId: dao.chainId, token: token.address, name, delegatee: to, nonce, expiry }));
    return post<Receipt>("/v1/relay/delegations", { delegator: signer.address, delegatee: to, nonce: nonce.toString(), expiry: Number(expiry), signature });
  });
  await relayed(receipt.id);
}

/** Has the node do what is due for a proposal that passed. Nobody has to sign: nothing but what was voted on can happen. */
export async function carryOut(id: string): Promise<"queue" | "execute"> {
  const { id: operation, step } = await post<Receipt & { readonly step: "queue" | "execute" }>(`/v1/relay/proposals/${encodeURIComponent(id)}/steps`, {});
  await relayed(operation);
  return step;
}

/** What a vote can decide on: a call, or several that are carried out together or not at all, with what they would do. */
export interface Call {
  readonly actions: readonly ProposalAction[];
  readonly sentence: string;
}

const callOf = (dao: VerifiedDao, target: Address, calldata: Hex, request?: string): Call => {
  const action = { target, value: "0", calldata };
  return { actions: [action], sentence: actionSentence(readAction(dao.contracts, action), request) };
};

const together = (all: readonly Call[]): Call => ({ actions: all.flatMap(({ actions }) => actions), sentence: all.map(({ sentence }) => sentence).join(" ") });

/** How votes go: times in seconds, the quorum in percent and the threshold in hundredths of a percent of all tokens. */
export interface VotingRules {
  readonly delay: number;
  readonly period: number;
  readonly lateExtension: number;
  readonly wait: number;
  readonly quorum: number;
  readonly thresholdBps: number;
}

/** Calls to propose, each held against the chain where it names something that stands there. */
export const calls = {
  async approveRequest(dao: VerifiedDao, id: bigint): Promise<Call> {
    const request = await checkRequest(dao, id);
    if (request === undefined) throw new NotNow("grant.unknown", `The chain has no request ${id}.`);
    const calldata = encodeFunctionData({ abi: accessMarketAbi, functionName: "approve", args: [id, hashTerms(request.terms)] });
    return callOf(dao, dao.contracts.market, calldata, request.sentence);
  },
  revokeGrant: (dao: VerifiedDao, id: bigint): Call =>
    callOf(dao, dao.contracts.market, encodeFunctionData({ abi: accessMarketAbi, functionName: "revoke", args: [id] })),
  setWorker: (dao: VerifiedDao, recipient: Hex, approved: boolean): Call =>
    callOf(dao, dao.contracts.market, encodeFunctionData({ abi: accessMarketAbi, functionName: "setWorker", args: [recipient, approved] })),
  setPolicy: (dao: VerifiedDao, digest: Hex): Call =>
    callOf(dao, dao.contracts.registry, encodeFunctionData({ abi: contributionRegistryAbi, functionName: "setPolicyDigest", args: [digest] })),
  setSplit: (dao: VerifiedDao, split: { operatorsBps: number; treasuryBps: number; operators: Address; treasury: Address }): Call =>
    callOf(dao, dao.contracts.pool, encodeFunctionData({ abi: revenuePoolAbi, functionName: "setSplit", args: [split] })),
  setValidators: (dao: VerifiedDao, accounts: readonly Address[], signatures: number): Call =>
    callOf(dao, dao.contracts.registry, encodeFunctionData({ abi: contributionRegistryAbi, functionName: "setValidators", args: [accounts, BigInt(signatures)] })),
  /** One call for each rule that is another now. */
  async setRules(dao: VerifiedDao, wanted: VotingRules): Promise<Call> {
    const [abi, timelockAbi] = [dataGovernorAbi, timelockControllerAbi];
    const governor = { address: dao.contracts.governor, abi };
    const [delay, period, late, quorum, threshold, wait] = await Promise.all([
      chain().read(governor, "votingDelay"), chain().read(governor, "votingPeriod"), chain().read(governor, "lateQuorumVoteExtension"),
      chain().read(governor, "quorumNumerator"), chain().read(governor, "proposalThresholdBps"),
      chain().read({ address: dao.contracts.timelock, abi: timelockAbi }, "getMinDelay"),
    ]);
    const changes: readonly (readonly [now: bigint | number, wanted: number, calldata: () => Hex])[] = [
      [delay, wanted.delay, () => encodeFunctionData({ abi, functionName: "setVotingDelay", args: [wanted.delay] })],
      [period, wanted.period, () => encodeFunctionData({ abi, functionName: "setVotingPeriod", args: [wanted.period] })],
      [late, wanted.lateExtension, () => encodeFunctionData({ abi, functionName: "setLateQuorumVoteExtension", args: [wanted.lateExtension] })],
      [quorum, wanted.quorum, () => encodeFunctionData({ abi, functionName: "updateQuorumNumerator", args: [BigInt(wanted.quorum)] })],
      [threshold, wanted.thresholdBps, () => encodeFunctionData({ abi, functionName: "setProposalThreshold", args: [BigInt(wanted.thresholdBps)] })],
    ];
    const all = changes.filter(([now, then]) => BigInt(now) !== BigInt(then)).map(([, , calldata]) => callOf(dao, dao.contracts.governor, calldata()));
    if (wait !== BigInt(wanted.wait))
      all.push(callOf(dao, dao.contracts.timelock, encodeFunctionData({ abi: timelockAbi, functionName: "updateDelay", args: [BigInt(wanted.wait)] })));
    if (all.length === 0) throw new NotNow("request.invalid", "These are the rules already. Change one of them, and the sentence stands here.");
    return together(all);
  },
};

/** Puts a call to the vote: a transaction of the account itself. Gives the proposal's number. */
export async function propose({ actions, sentence }: Call, why: string): Promise<string> {
  const dao = await verifiedDao();
  const governor = { address: dao.contracts.governor, abi: dataGovernorAbi };
  const { address } = (await currentAccount()) ?? fail(new NoAccount());
  const now = BigInt(await chain().blockTime());
  const [needed, has] = await Promise.all([chain().read(governor, "proposalThreshold"), chain().read(governor, "getVotes", [address, now - 1n])]);
  if (has < needed) throw new NotNow("proposal.below_threshold", `Proposing takes ${tokens(needed, 18)}, and the account ${short(address)} votes with ${tokens(has, 18)}.`);
  // The number is a digest of calls and text: the sentence in front keeps two proposals of one call apart by their reasons.
  const description = signedDescription(why.trim() === "" ? sentence : `${sentence}\n\n${why.trim()}`, address);
  const id = proposalId(actions, description);
  await withSigner(`Put this to the vote: ${sentence}`, async (signer) => {
    await fuel(dao, signer);
    await signer.sendTransaction({
      to: governor.address,
      data: encodeFunctionData({ abi: dataGovernorAbi, functionName: "propose", args: [actions.map(({ target }) => target), actions.map(({ value }) => BigInt(value)), actions.map(({ calldata }) => calldata), description] }),
    });
  });
  await known(id.toString());
  return id.toString();
}

/** "Put this request to the vote", for the request's page. Gives the proposal's number. */
export async function proposeRequest(requestId: number | bigint, why = ""): Promise<string> {
  const dao = await verifiedDao();
  return propose(await calls.approveRequest(dao, BigInt(requestId)), why);
}

const enoughGas = 10n ** 16n;

/** On a trial the node gives an account what its transactions cost. */
async function fuel(dao: VerifiedDao, signer: Signer): Promise<void> {
  if (!dao.trial || (await chain().balance(signer.address)) >= enoughGas) return;
  const { ids } = await post<{ readonly ids: readonly string[] }>("/v1/trial/faucet", { account: signer.address });
  await Promise.all(ids.map((id) => relayed(id)));
}

/** Waits until the node has read the new proposal, so that its page can be opened. */
async function known(id: string): Promise<void> {
  for (let attempt = 0; attempt < 40; attempt++) {
    if ((await get<readonly ProposalView[]>("/v1/proposals?limit=10")).some(({ proposalId: number }) => number === id)) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

function fail(error: Error): never {
  throw error;
}
