import type { RecordSelection } from "../values.ts";
import { parseField, parsePath } from "./path.ts";
import type { JsonStep } from "./path.ts";

/** A place in a JSON document that matters: on the way to records, a record, or a field of one. */
export class JsonPlace {
  readonly #members = new Map<string, JsonPlace>();
  readonly #items = new Map<number, JsonPlace>();
  #anyMember: JsonPlace | undefined;
  #anyItem: JsonPlace | undefined;

  /** The field that the value here fills. */
  slot: number | undefined;
  /** The field takes the texts of several values, one a line. */
  joins = false;
  /** What is told whole starts here: a record, or what records are taken out of. */
  isUnit = false;
  /** A record, whose fields are the ones asked for. */
  isRecord = false;
  /** A record that stands in its unit. */
  isInner = false;

  member(name: string): JsonPlace | undefined {
    return this.#members.get(name) ?? this.#anyMember;
  }

  item(index: number): JsonPlace | undefined {
    return this.#items.get(index) ?? this.#anyItem;
  }

  add(step: JsonStep): JsonPlace {
    switch (step.kind) {
      case "anyMember":
        return (this.#anyMember ??= new JsonPlace());
      case "anyItem":
        return (this.#anyItem ??= new JsonPlace());
      case "member":
        return ensure(this.#members, step.name);
      case "item":
        return ensure(this.#items, step.index);
    }
  }
}

function ensure<K>(places: Map<K, JsonPlace>, key: K): JsonPlace {
  let place = places.get(key);
  if (place === undefined) places.set(key, (place = new JsonPlace()));
  return place;
}

/**
 * A selection as a tree of places.
 *
 * A field that begins with `^` stands in the container: what the first `[*]` or `.*` of the path reaches, such as the conversation
 * around a message. Then records are told when their container ends, since what is asked of it may stand behind them. A field that
 * ends in `[*]` joins the texts of a list, one a line.
 */
export class JsonPlan {
  readonly document = new JsonPlace();
  readonly hasContainer: boolean;

  constructor(selection: RecordSelection) {
    const path = parsePath(selection.path);
    this.hasContainer = selection.fields.some((field) => field.startsWith("^"));
    let held = path.length;
    if (this.hasContainer) {
      held = path.findIndex((step) => step.kind === "anyItem" || step.kind === "anyMember") + 1;
      if (held === 0 || held === path.length) throw new Error(`Records at '${selection.path}' have no container.`);
    }

    const unit = path.slice(0, held).reduce((place, step) => place.add(step), this.document);
    unit.isUnit = true;
    const record = path.slice(held).reduce((place, step) => place.add(step), unit);
    record.isInner = this.hasContainer;
    record.isRecord = true;
    for (const [slot, field] of selection.fields.entries()) {
      const isOuter = field.startsWith("^");
      addField(isOuter ? unit : record, isOuter ? field.slice(1) : field, slot);
    }
  }
}

function addField(root: JsonPlace, field: string, slot: number): void {
  const steps = parseField(field);
  const place = steps.reduce((at, step) => at.add(step), root);
  if (place.slot !== undefined) throw new Error(`'${field}' is asked for twice.`);
  place.slot = slot;
  place.joins = steps.at(-1)?.kind === "anyItem";
}
