import { contributionRegistryAbi } from "../chain/abi.ts";
import { chain, type VerifiedDao } from "../chain/index.ts";

const atOnce = 50;

/** How many contributions the first batches held when they were committed, by the chain. */
export async function contributionsIn(dao: VerifiedDao, scope: number): Promise<bigint> {
  const registry = { address: dao.contracts.registry, abi: contributionRegistryAbi };
  let sum = 0n;
  for (let from = 0; from < scope; from += atOnce) {
    const batches = Array.from({ length: Math.min(atOnce, scope - from) }, (_, i) => chain().read(registry, "batchAt", [BigInt(from + i)]));
    for (const { count } of await Promise.all(batches)) sum += BigInt(count);
  }
  return sum;
}
