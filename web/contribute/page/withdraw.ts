import { isAddressEqual } from "viem";
import type { Hex } from "viem";
import { chain, verifiedDao } from "../../chain/index.ts";
import { withSigner } from "../../keys/index.ts";
import { get, post, relayed } from "../../shared/node.ts";
import { leafHash, rootOf } from "../leaf.ts";
import type { BatchProof } from "../leaf.ts";
import { withdrawalToSign } from "../terms.ts";
import { chainFacts } from "./chain-facts.ts";
import { FileRefused } from "./file-worker.ts";
import { registryOf } from "./flow.ts";

const day = 86_400;

/** Takes a contribution out of the dataset for good: signed by its owner, paid for and sent by the node. */
export async function withdraw(digest: Hex, sentence: string, sent: () => void): Promise<void> {
  const dao = await verifiedDao();
  const { batchId, leaf, proof } = await get<BatchProof>(`/v1/contributions/${digest}/proof`);
  // What is signed must be this very contribution, whatever the node says.
  if (leaf.ciphertextDigest.toLowerCase() !== digest.toLowerCase() || rootOf(leaf, proof) !== (await chainFacts.batchRoot(batchId)))
    throw new FileRefused({ code: "chain.mismatch", detail: "The node's proof does not lead to this contribution on the chain.", hint: "Ask another node." });
  const deadline = (await chain().blockTime()) + day;
  const signature = await withSigner(sentence, async (signer) => {
    if (!isAddressEqual(signer.address, leaf.owner))
      throw new FileRefused({ code: "account.other", detail: `This contribution belongs to ${leaf.owner}.`, hint: "Sign with that account." });
    return signer.signTypedData(withdrawalToSign({ batchId, index: leaf.index, leaf: leafHash(leaf), deadline }, registryOf(dao)));
  });
  sent();
  const { id } = await post<{ id: string }>("/v1/relay/withdrawals", { digest, deadline, signature });
  await relayed(id);
}
