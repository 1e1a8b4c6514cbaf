import type { CallbackStatus, ParameterCase } from './callback-url';

/** How the next callbacks misbehave; what is left out hits every session. */
export interface CallbackRule {
  readonly id: number;
  readonly authority: string | null;
  readonly merchantId: string | null;
  /** How many callbacks it still hits; `null` until cleared. */
  readonly times: number | null;
  /** The buyer never comes back. */
  readonly suppress: boolean;
  readonly delayMs: number;
  /** How often the callback is loaded, in parallel. */
  readonly copies: number;
  /** Kept back until a release. */
  readonly hold: boolean;
  /** Kept back until so many are there, then loaded newest first. */
  readonly reorder: number | null;
  readonly parameterCase: ParameterCase;
  /** A lie about the outcome. */
  readonly status: CallbackStatus | null;
}

/** The rules that were asked for, first come first served. */
export interface CallbackRules {
  add(rule: Omit<CallbackRule, 'id'>): CallbackRule;
  /** The first rule that fits the session, which it uses up once. */
  take(session: { readonly authority: string; readonly merchantId: string }): CallbackRule | undefined;
  all(): readonly CallbackRule[];
  clear(): void;
}

/** Rules with those that a restart left. */
export function createCallbackRules(
  remembered: readonly CallbackRule[],
  onChange: (rules: readonly CallbackRule[]) => void,
): CallbackRules {
  let rules = remembered;
  let lastId = Math.max(0, ...rules.map(({ id }) => id));
  const become = (next: readonly CallbackRule[]) => {
    rules = next;
    onChange(rules);
  };
  return {
    add(rule) {
      lastId += 1;
      const added = { ...rule, id: lastId };
      become([...rules, added]);
      return added;
    },
    take({ authority, merchantId }) {
      const hit = rules.find(
        (rule) =>
          (rule.authority === null || rule.authority === authority) &&
          (rule.merchantId === null || rule.merchantId === merchantId),
      );
      if (hit && hit.times !== null) {
        const rest = { ...hit, times: hit.times - 1 };
        become(rules.flatMap((rule) => (rule !== hit ? [rule] : rest.times > 0 ? [rest] : [])));
      }
      return hit;
    },
    all: () => rules,
    clear: () => become([]),
  };
}
