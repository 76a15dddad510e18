/**
 * What a person typed on the pages of "Create a DAO", as this browser saw it leave, held against the settings that the node answers with.
 *
 * Guarantee: settings that pass are what was typed, field by field; whatever was not seen being typed is named, not believed. The rules of
 * reading are DraftReader.cs's, and a test holds the two together.
 */
import { bytesToString, stringToBytes, zeroHash } from "viem";
import { policyBytes } from "./build.ts";
import { OtherDao, type DaoSettings } from "./plan.ts";
import { standardPolicy } from "./policy.ts";

export const typedSteps = ["name", "data", "guardians", "validators", "voting", "money"] as const;

export type TypedStep = (typeof typedSteps)[number];

/** The texts of a page's fields by their names; of a chosen file its text, under the name of its field. */
export type TypedFields = Readonly<Record<string, string>>;

export type Typed = { readonly [step in TypedStep]?: TypedFields };

/** The pages that this browser has not seen being saved. */
export const unseen = (typed: Typed): TypedStep[] => typedSteps.filter((step) => typed[step] === undefined);

/** @throws OtherDao naming the first thing that the node has otherwise than it was typed. */
export function holdTyped(settings: DaoSettings, typed: Typed): void {
  const [missing] = unseen(typed);
  if (missing !== undefined) throw new OtherDao(`This browser did not see what was typed on the page “${missing}”. Open it and save it once more.`);
  const { name, data, guardians, validators, voting, money } = typed as Required<Typed>;
  const { rules, split, founder } = settings;
  const rows: readonly (readonly [what: string, nodes: unknown, typed: unknown])[] = [
    ["name", settings.name, text(name["Name"])], ["token's symbol", settings.symbol, text(name["Symbol"])],
    ["kind of data", settings.schemaName, schema(data)],
    ["guardians", lower(settings.guardians), lower(words(guardians["Guardians"]))],
    ["guardians' threshold", settings.guardianThreshold, threshold(guardians["GuardianThreshold"], words(guardians["Guardians"]).length)],
    ["validators", lower(settings.validators), lower(words(validators["Validators"]))],
    ["validators' threshold", settings.validatorThreshold, threshold(validators["ValidatorThreshold"], words(validators["Validators"]).length)],
    ["time before a vote", rules.votingDelay, seconds(voting["VotingDelay"])], ["time of a vote", rules.votingPeriod, seconds(voting["VotingPeriod"])],
    ["time after a late quorum", rules.lateQuorumExtension, seconds(voting["LateQuorum"])], ["wait after a vote", rules.timelockDelay, seconds(voting["Timelock"])],
    ["quorum", rules.quorumPercent, whole(voting["Quorum"])], ["least quorum", rules.quorumFloor, "0"],
    ["share that may propose", rules.proposalThresholdBps, basisPoints(voting["ProposalThreshold"])],
    ["operators' share", split.operatorsBps, basisPoints(money["OperatorsShare"])], ["treasury's share", split.treasuryBps, basisPoints(money["TreasuryShare"])],
    ["operators' account", lower([split.operators ?? "none"]), lower([text(money["Operators"]) || "none"])],
    ["treasury's account", lower([split.treasury ?? "none"]), lower([text(money["Treasury"]) || "none"])],
    ["daily limit", settings.dailyLimit, `${whole(money["DailyLimit"])}000000`],
    ["founder's share", founder === undefined ? "none" : `${founder.units} to ${lower([founder.account])}`, founders(money)],
    ["mark of a trial", settings.trial, false], ["digest of metadata", settings.metadataDigest, zeroHash],
  ];
  for (const [what, nodes, wanted] of rows)
    if (String(nodes) !== String(wanted)) throw new OtherDao(`The node changed the ${what}: it has ${String(nodes)}, and you typed ${String(wanted)}. Nothing was sent.`);
  if (!isPolicyTyped(settings, data)) throw new OtherDao("The node changed the policy: it has another one than you chose. Nothing was sent.");
}

/** A policy of one's own to the letter; else the standard one, with the description of the data that was typed. */
function isPolicyTyped(settings: DaoSettings, data: TypedFields): boolean {
  const policy = bytesToString(policyBytes(settings));
  const own = document(data, "Policy");
  if (own !== "") return policy === own && stringToBytes(own).length === policyBytes(settings).length;
  const standard = standardPolicy(settings.schemaName);
  const descriptor = data["Kind"] === "own" ? document(data, "Descriptor") : "";
  if (descriptor === "") return policy === standard;
  return ordered(JSON.parse(policy)) === ordered({ ...(JSON.parse(standard) as object), descriptor: JSON.parse(descriptor) as unknown });
}

/** A chosen file as it is; what was pasted without the blanks around it, and with the line ends that the node gives it. */
const document = (fields: TypedFields, name: string): string => fields[`${name}File`] || text(fields[name]).replaceAll("\r\n", "\n");

const text = (typed: string | undefined): string => (typed ?? "").trim();

const schema = (data: TypedFields): string => text(data["Kind"] === "own" ? data["OwnSchema"] : data["Kind"]);

const words = (typed: string | undefined): string[] => (typed ?? "").split(/[ \n\r\t,;]+/).filter((word) => word !== "");

const lower = (accounts: readonly string[]): string => accounts.join(" ").toLowerCase();

const threshold = (typed: string | undefined, of: number): number => (text(typed) === "" ? Math.floor(of / 2) + 1 : whole(typed));

function whole(typed: string | undefined): number {
  const digits = text(typed).replaceAll(",", "");
  return /^[0-9]+$/.test(digits) ? Number(digits) : NaN;
}

function basisPoints(typed: string | undefined): number {
  const number = text(typed).replace(/%+$/, "").trim();
  return /^([0-9]+\.?[0-9]*|\.[0-9]+)$/.test(number) ? Math.round(Number(number) * 100) : NaN;
}

function seconds(typed: string | undefined): number {
  const unit: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800 };
  const match = /^([0-9]{1,8}) ?(second|minute|hour|day|week)s?$/.exec(text(typed).toLowerCase());
  return match === null ? NaN : Number(match[1]) * unit[match[2]!]!;
}

function founders(money: TypedFields): string {
  const [account, tokens] = [text(money["FounderAccount"]), text(money["FounderTokens"])];
  return account === "" && tokens === "" ? "none" : `${BigInt(whole(tokens) || 0) * 10n ** 18n} to ${lower([account])}`;
}

function ordered(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part);
}
