import type { CallbackRule, CallbackRules } from './callback-rules';
import { callbackUrl, type CallbackStatus, type ParameterCase } from './callback-url';
import type { Journal } from './journal';
import type { Session } from './session';
import { wait } from './wait';

/** A callback on its way to the shop. */
export interface Callback {
  readonly authority: string;
  readonly status: CallbackStatus;
  readonly url: string;
}

/** What the shop answered to a callback that the sandbox loaded in the buyer's place. */
export interface Delivery extends Callback {
  /** The HTTP status, or null when nothing came back. */
  readonly answered: number | null;
  readonly location: string | null;
  readonly error: string | null;
}

/** How one callback is to be sent; a rule that fits changes it. */
export interface CallbackOptions {
  readonly parameterCase?: ParameterCase | undefined;
  readonly copies?: number | undefined;
}

/** What a browser is to do after the buyer acted. */
export type BrowserReturn = { readonly goTo: string } | { readonly stays: 'suppressed' | 'held' };

/** The buyers' ways back to the shop. */
export interface Callbacks {
  readonly rules: CallbackRules;
  /** Loads the callback in the buyer's place, as often and as late as options and rules say. */
  send(session: Session, status: CallbackStatus, options?: CallbackOptions): Promise<Delivery[]>;
  /** Where the buyer's own browser goes; copies are loaded by the sandbox at the same time. */
  viaBrowser(session: Session, status: CallbackStatus, options?: CallbackOptions): Promise<BrowserReturn>;
  held(): readonly Callback[];
  /** Loads what was kept back, one after the other, newest or oldest first. */
  release(order: 'reverse' | 'as-held'): Promise<Delivery[]>;
  clear(): void;
  stop(): void;
}

const DELIVERY_LIMIT_MS = 60_000;

/** Callbacks with those that were kept back before a restart. */
export function createCallbacks(
  rules: CallbackRules,
  journal: Journal,
  remembered: readonly Callback[],
  onChange: (held: readonly Callback[]) => void,
): Callbacks {
  let held = remembered;
  const stopping = new AbortController();
  const hold = (next: readonly Callback[]) => {
    held = next;
    onChange(held);
  };

  async function load(callback: Callback): Promise<Delivery> {
    const delivery = { ...callback, ...(await loadInPlaceOfBuyer(callback.url, stopping.signal)) };
    journal.add({ kind: 'callback', ...delivery });
    return delivery;
  }

  async function release(order: 'reverse' | 'as-held'): Promise<Delivery[]> {
    const due = order === 'reverse' ? held.toReversed() : held;
    hold([]);
    const deliveries: Delivery[] = [];
    for (const callback of due) deliveries.push(await load(callback));
    return deliveries;
  }

  /** Keeps the callback back where the rule says so; releases all when the rule has seen enough. */
  async function keptBack(
    callback: Callback,
    rule: CallbackRule | undefined,
  ): Promise<Delivery[] | undefined> {
    if (!rule || (!rule.hold && rule.reorder === null)) return undefined;
    hold([...held, callback]);
    return rule.reorder !== null && held.length >= rule.reorder ? release('reverse') : [];
  }

  function prepare(session: Session, status: CallbackStatus, { parameterCase, copies = 1 }: CallbackOptions) {
    const rule = rules.take(session);
    const claimed = rule?.status ?? status;
    const url = callbackUrl(
      session.callbackUrl,
      session.authority,
      claimed,
      parameterCase ?? rule?.parameterCase ?? 'usual',
    );
    const callback = { authority: session.authority, status: claimed, url };
    return { rule, callback, copies: Math.max(copies, rule?.copies ?? 1) };
  }

  return {
    rules,
    async send(session, status, options = {}) {
      const { rule, callback, copies } = prepare(session, status, options);
      if (rule?.suppress) return [];
      const released = await keptBack(callback, rule);
      if (released) return released;
      await wait(rule?.delayMs ?? 0);
      return Promise.all(Array.from({ length: copies }, () => load(callback)));
    },
    async viaBrowser(session, status, options = {}) {
      const { rule, callback, copies } = prepare(session, status, options);
      if (rule?.suppress) return { stays: 'suppressed' };
      if (await keptBack(callback, rule)) return { stays: 'held' };
      await wait(rule?.delayMs ?? 0);
      for (let copy = 1; copy < copies; copy += 1) void load(callback);
      journal.add({ kind: 'callback', ...callback, via: 'browser' });
      return { goTo: callback.url };
    },
    held: () => held,
    release,
    clear() {
      rules.clear();
      hold([]);
    },
    stop: () => stopping.abort(),
  };
}

async function loadInPlaceOfBuyer(
  url: string,
  stopping: AbortSignal,
): Promise<Omit<Delivery, keyof Callback>> {
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { Accept: 'text/html,application/xhtml+xml', 'User-Agent': 'Mozilla/5.0 (Zarinpal sandbox)' },
      signal: AbortSignal.any([stopping, AbortSignal.timeout(DELIVERY_LIMIT_MS)]),
    });
    await response.arrayBuffer();
    return { answered: response.status, location: response.headers.get('location'), error: null };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { answered: null, location: null, error: cause instanceof Error ? cause.message : String(cause) };
  }
}
