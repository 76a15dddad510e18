import chatGpt from "../../src/Commonhold.Exports/ChatGpt/format.json";
import health from "../../src/Commonhold.Exports/AppleHealth/format.json";
import browsing from "../../src/Commonhold.Exports/BrowsingHistory/format.json";
import netflix from "../../src/Commonhold.Exports/Netflix/format.json";
import reddit from "../../src/Commonhold.Exports/Reddit/format.json";
import spotify from "../../src/Commonhold.Exports/Spotify/format.json";
import x from "../../src/Commonhold.Exports/X/format.json";

/** What a kind of record is worth, as its format's definition says. */
export interface KindWeight {
  /** Points per unit of ln(1 + Σ quality) of a cell. */
  readonly weight: number;
  /** Of a record, 0 to 1, between these. */
  readonly lowQuality: number;
  readonly highQuality: number;
  /** Its cells are by place: a record of it names one. */
  readonly hasPlaces: boolean;
}

interface DescriptorJson {
  readonly name: string;
  readonly resources: readonly {
    readonly name: string;
    readonly commonhold?: { readonly weight?: number; readonly place?: unknown; readonly quality?: { readonly flat?: number; readonly zeroIf?: unknown } };
  }[];
}

interface RedditJson {
  readonly files: readonly { readonly name: string; readonly header: string; readonly record?: { readonly weight: number; readonly quality: string } }[];
}

// Texts count by what they say; their authors' usual lie between. What was removed counts nothing.
const ofText = { lowQuality: 0.3, highQuality: 0.9 };
const full = { lowQuality: 1, highQuality: 1 };
const defaultWeight = 1_000_000;

const redditWeights = new Map((reddit as unknown as RedditJson).files.flatMap(({ name, header, record }) =>
  record === undefined ? [] : [[name, {
    weight: record.weight, hasPlaces: /permalink|content_link/.test(header), ...(record.quality === "post" || record.quality === "comment" ? ofText : full),
  }] as const]));

const known = [x, chatGpt, spotify, netflix, browsing, health] as unknown as DescriptorJson[];

/** By kind. The descriptor is that of a dataset with a schema of its own. */
export function weightsOf(schema: string, descriptor: unknown): ReadonlyMap<string, KindWeight> {
  if (schema === "reddit-export-v1") return redditWeights;
  const format = (descriptor as DescriptorJson | undefined) ?? known.find(({ name }) => name === schema);
  return new Map((format?.resources ?? []).map(({ name, commonhold: { weight, place, quality } = {} }) => {
    const flat = quality?.flat === undefined ? undefined : quality.flat / 255;
    const range = flat === undefined ? ofText : { lowQuality: quality?.zeroIf === undefined ? flat : flat / 2, highQuality: flat };
    return [name, { weight: weight ?? defaultWeight, hasPlaces: place !== undefined, ...range }];
  }));
}
