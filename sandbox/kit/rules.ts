import { RequestProblem } from './problem';
import type { StoredValue } from './store';

/** What a call or message concerns, by names that the provider chose, such as the id of a message. */
export type Target = Readonly<Record<string, string | undefined>>;

/** What is to happen to the next calls or callbacks that fit. */
export interface Rule {
  readonly id: number;
  /** How many it still hits; null until cleared. */
  readonly times: number | null;
  /** The targets that it hits, by name; null hits all. */
  readonly [detail: string]: unknown;
}

/** Rules in the order in which they were asked for. */
export interface Rules<R extends Rule> {
  add(rule: Omit<R, 'id'>): R;
  /** The first rule that fits, which is used up once. */
  take(target: Target): R | undefined;
  all(): readonly R[];
  /** Forgets one rule, or all of them. */
  clear(id?: number): void;
}

const MOST_RULES = 1_000;

/** @param names what a rule may name of a target */
export function createRules<R extends Rule>(
  stored: StoredValue<readonly R[]>,
  names: readonly string[],
): Rules<R> {
  const taken = names.find((name) => name === 'id' || name === 'times' || name === 'kind');
  if (taken) throw new Error(`no target can be named ${taken}: every rule has a field of that name`);
  let lastId = Math.max(0, ...stored.get().map(({ id }) => id));
  return {
    add(rule) {
      if (stored.get().length >= MOST_RULES) {
        throw new RequestProblem(409, `there are ${MOST_RULES} already: clear some`);
      }
      lastId += 1;
      const added = { ...rule, id: lastId } as R;
      stored.set([...stored.get(), added]);
      return added;
    },
    take(target) {
      const rules = stored.get();
      const hit = rules.find((rule) =>
        names.every((name) => rule[name] === null || rule[name] === target[name]),
      );
      if (hit && hit.times !== null) {
        const rest = { ...hit, times: hit.times - 1 };
        stored.set(rules.flatMap((rule) => (rule !== hit ? [rule] : rest.times > 0 ? [rest] : [])));
      }
      return hit;
    },
    all: () => stored.get(),
    clear: (id) => stored.set(id === undefined ? [] : stored.get().filter((rule) => rule.id !== id)),
  };
}
