import { isAddressEqual } from "viem";
import { chain, verifiedDao } from "../../chain/index.ts";
import { contributionRegistryAbi } from "../../chain/abi.ts";
import type { ChainFacts } from "../receipt.ts";

/** What receipts are held against, read from the chain. */
export const chainFacts: ChainFacts = {
  isValidator: async (account) => (await verifiedDao()).validators.members.some((member) => isAddressEqual(member.address, account)),
  batchRoot: async (batchId) => {
    const registry = { address: (await verifiedDao()).contracts.registry, abi: contributionRegistryAbi };
    if (BigInt(batchId) >= (await chain().read(registry, "batchCount"))) return undefined;
    return (await chain().read(registry, "batchAt", [BigInt(batchId)])).root;
  },
};
