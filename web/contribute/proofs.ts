import type { ExportReading } from "../exports/index.ts";
import { evidenceLevels } from "./policy.ts";
import type { AccountCodeSource, ContributionPolicy, EvidenceLevel, SignInSource } from "./policy.ts";
import { signInHere } from "./sign-in.ts";

/** A proof that this dataset takes of this file, and that a page can make. */
export type Offer = { readonly level: EvidenceLevel; readonly permille: number } & (
  | { readonly type: "email"; readonly domains: readonly string[] }
  | { readonly type: "account_code"; readonly source: AccountCodeSource }
  | { readonly type: "download"; readonly hosts: readonly string[] }
  | { readonly type: "oauth"; readonly source: SignInSource });

export interface Offers {
  /** What counts most first. */
  readonly proofs: readonly Offer[];
  /** Per mille; undefined where the dataset refuses a file without a proof. */
  readonly unproved: number | undefined;
  /** What the dataset takes besides and only the command line can make: a sign-in at the platform that comes back to none of this node's pages, or one with a linked identity. */
  readonly elsewhere: "sign_in" | "openid" | undefined;
}

const levelOf = { email: "email", account_code: "account_code", download: "fetched", oauth: "sign_in" } as const;

/** What the policy takes of an account on this platform, on a page of this origin, ordered by worth. */
export function offersOf(policy: ContributionPolicy, account: ExportReading["account"], origin: string): Offers {
  const { sources, weights, required } = policy;
  const named = required.filter((name) => name.startsWith("ownership."));
  const ofPlatform = <T extends { readonly platform: string }>(list: readonly T[]): readonly T[] => list.filter(({ platform }) => platform === account.platform);
  const offer = <T extends keyof typeof levelOf>(type: T) => ({ type, level: levelOf[type], permille: weights[levelOf[type]] });
  const email = ofPlatform(sources.email);
  const hosts = ofPlatform(sources.download).flatMap((source) => source.hosts);
  const signIn = signInHere(sources.signIn, account.platform, origin);
  const all: readonly (Offer | false)[] = [
    // The message is held against original files that exports of this platform alone have, and it must name the account.
    account.platform === "reddit" && account.id !== null && email.length > 0 && { ...offer("email"), domains: email.map(({ domain }) => domain) },
    hosts.length > 0 && { ...offer("download"), hosts },
    account.id !== null && signIn !== undefined && { ...offer("oauth"), source: signIn },
    ...(account.id === null ? [] : ofPlatform(sources.accountCode).map((source) => ({ ...offer("account_code"), source }))),
  ];
  // A proof that earns no more and that nothing asks for would show a validator more for nothing.
  const isAskedFor = policy.minimumLevel !== "wallet" && policy.minimumLevel !== "structure" || required.some((name) => name.startsWith("ownership"));
  const proofs = all.filter((made): made is Offer => made !== false
    && reaches(made.level, policy) && named.every((name) => name === `ownership.${made.type}`) && (isAskedFor || made.permille > weights.structure));
  return {
    proofs: proofs.sort((a, b) => b.permille - a.permille),
    unproved: isAskedFor ? undefined : weights.structure,
    elsewhere: signIn === undefined && ofPlatform(sources.signIn).length > 0 ? "sign_in" : account.platform === "reddit" && sources.openId.length > 0 ? "openid" : undefined,
  };
}

const reaches = (level: EvidenceLevel, policy: ContributionPolicy): boolean => evidenceLevels.indexOf(level) >= evidenceLevels.indexOf(policy.minimumLevel);
