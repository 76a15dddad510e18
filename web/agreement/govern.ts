// Reads proposals with the code of the browser, for ProposalAgreementTests.cs: a line of JSON for each question on standard input and a line
// for each answer. Nothing but this file is Node's own.
import { createInterface } from "node:readline";
import type { Address, Hex } from "viem";
import type { DaoContracts } from "../chain/dao.ts";
import { readAction, type ProposalAction } from "../govern/actions.ts";
import { ballotData, delegationData } from "../govern/ballot.ts";
import { proposalId, signedDescription, wordsOf } from "../govern/proposal.ts";
import { actionSentence, requestSentence, type Currency } from "../govern/sentence.ts";
import { hashTerms, type GrantTerms } from "../market/terms.ts";
import { hashTypedData } from "viem";

type Question =
  | { readonly kind: "action"; readonly contracts: DaoContracts; readonly action: ProposalAction; readonly request?: string }
  | { readonly kind: "request"; readonly buyer: Address; readonly terms: GrantTerms; readonly contributions: string; readonly currency: Currency }
  | { readonly kind: "proposal"; readonly actions: readonly ProposalAction[]; readonly description: string }
  | { readonly kind: "words"; readonly words: string; readonly proposer: Address; readonly descriptions: readonly string[] }
  | { readonly kind: "ballot"; readonly chainId: number; readonly governor: Address; readonly proposalId: string; readonly support: number; readonly voter: Address; readonly nonce: string; readonly reason: string }
  | { readonly kind: "delegation"; readonly chainId: number; readonly token: Address; readonly name: string; readonly delegatee: Address; readonly nonce: string; readonly expiry: string };

function answer(question: Question): unknown {
  switch (question.kind) {
    case "action": {
      const read = readAction(question.contracts, question.action);
      return { sentence: actionSentence(read, question.request), arguments: read.arguments };
    }
    case "request":
      return { sentence: requestSentence(question.buyer, question.terms, BigInt(question.contributions), question.currency), hash: hashTerms(question.terms) };
    case "proposal":
      return { id: proposalId(question.actions, question.description).toString() };
    case "words":
      return { signed: signedDescription(question.words, question.proposer), words: question.descriptions.map(wordsOf) };
    case "ballot": {
      const { chainId, governor, support, voter, nonce, reason } = question;
      return { digest: hash(ballotData({ chainId, governor, proposalId: BigInt(question.proposalId), support, voter, nonce: BigInt(nonce), reason })) };
    }
    case "delegation": {
      const { chainId, token, name, delegatee, nonce, expiry } = question;
      return { digest: hash(delegationData({ chainId, token, name, delegatee, nonce: BigInt(nonce), expiry: BigInt(expiry) })) };
    }
  }
}

const hash = (data: Parameters<typeof hashTypedData>[0]): Hex => hashTypedData(data);

for await (const line of createInterface({ input: process.stdin }))
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line) as Question))}\n`);
