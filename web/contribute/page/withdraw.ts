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

/** Where a contribution stands on the chain: this very one, whatever the node says. */
export async function provenPlace(digest: Hex): Promise<BatchProof> {
  const place = await get<BatchProof>(`/v1/contributions/${digest}/proof`);
  if (place.leaf.ciphertextDigest.toLowerCase() !== digest.toLowerCase() || rootOf(place.leaf, place.proof) !== (await chainFacts.batchRoot(place.batchId)))
    throw new FileRefused({ code: "chain.mismatch", detail: "The node's proof does not lead to this contribution on the chain.", hint: "Ask another node." });
  return place;
}

/** Takes a contribution out of the dataset for good: signed by its owner, paid for and sent by the node. */
export async function withdraw(digest: Hex, sentence: string, sent: () => void): Promise<void> {
  const dao = await verifiedDao();
  const { batchId, leaf } = await provenPlace(digest);
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
