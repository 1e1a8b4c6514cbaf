import { flag, orNull, readFields, text, wholeNumber, type Schema, type Values } from './fields';
import type { Kit } from './kit';
import { createRules, type Rule, type Rules, type Target } from './rules';
import { storedValue } from './store';
import { LONGEST_WAIT_MS, wait } from './wait';

/** A request that the sandbox makes: a webhook, or a callback that it loads in a buyer's place. */
export interface Message {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** What journal and control API say about it, such as an id and a status. */
  readonly note: Readonly<Record<string, string>>;
}

/** What the receiver answered. The fields of the note stand beside these. */
export interface Delivery {
  readonly url: string;
  /** The HTTP status, or null when nothing came back. */
  readonly answered: number | null;
  readonly location: string | null;
  readonly error: string | null;
  readonly [note: string]: string | number | null;
}

/** How the next messages misbehave; what a provider adds stands beside these. */
export interface CallbackRule extends Rule {
  /** Never sent. */
  readonly suppress: boolean;
  readonly delayMs: number;
  /** How often it is sent, in parallel. */
  readonly copies: number;
  /** Kept until a release. */
  readonly hold: boolean;
  /** Kept until there are this many, then sent newest first. */
  readonly reorder: number | null;
}

/** One thing to tell the shop. */
export interface Outgoing<Extra> {
  readonly target: Target;
  readonly copies?: number | undefined;
  /** Writes the message; a rule that fits says how it lies. */
  write(rule: Extra | undefined): Message;
}

/** The ways back to the shop. */
export interface Callbacks<Extra = unknown> {
  readonly rules: Rules<CallbackRule>;
  /** Reads a rule as the control API gets it, and adds it. Throws 400. */
  add(body: Readonly<Record<string, unknown>>): CallbackRule;
  /** Sends as often and as late as the rules say, and waits for the answers. */
  send(outgoing: Outgoing<Extra>): Promise<Delivery[]>;
  /** Where a person's own browser goes; copies are sent at the same time. Null when a rule keeps the browser here. */
  viaBrowser(outgoing: Outgoing<Extra>): Promise<string | null>;
  held(): readonly Message[];
  /** Sends what was kept, one after the other. */
  release(order: 'reverse' | 'as-held'): Promise<Delivery[]>;
  clear(): void;
}

/** How a provider's messages are sent. */
export interface CallbacksOptions<S extends Schema> {
  /** What a rule may say beside the kit's own fields. */
  readonly ruleFields: S;
  /** Whom a rule can name. */
  readonly targets: readonly string[];
  /** Headers that prove who sends, made at the time of sending on the sandbox's clock. */
  readonly sign?: (message: Message, now: number) => Readonly<Record<string, string>>;
  /**
   * After how many milliseconds of the sandbox's clock a message is sent again; undefined gives up.
   *
   * @param answered the HTTP status, or null when nothing came back
   * @param attempt 1 for the first
   */
  readonly retryAfterMs?: (answered: number | null, attempt: number) => number | undefined;
}

const DELIVERY_LIMIT_MS = 60_000;
const MOST_COPIES = 1_000;

/** Callbacks with those that were kept before a restart. */
export function createCallbacks<S extends Schema>(
  kit: Kit,
  { ruleFields, targets, sign, retryAfterMs }: CallbacksOptions<S>,
): Callbacks<Values<S>> {
  const rules = createRules(storedValue<readonly CallbackRule[]>(kit.store, 'callback-rules', []), targets);
  const held = storedValue<readonly Message[]>(kit.store, 'held-callbacks', []);
  const fields: Schema = {
    times: orNull(wholeNumber(1, { least: 1 }), 1),
    ...Object.fromEntries(targets.map((name) => [name, orNull(text())])),
    suppress: flag(),
    delayMs: wholeNumber(0, { most: LONGEST_WAIT_MS }),
    copies: wholeNumber(1, { least: 1, most: MOST_COPIES }),
    hold: flag(),
    reorder: orNull(wholeNumber(2, { least: 2 })),
    ...ruleFields,
  };
  const again = kit.agenda.task<{ message: Message; attempt: number }>('callback', ({ message, attempt }) =>
    deliver(message, attempt),
  );

  async function deliver(message: Message, attempt = 1): Promise<Delivery> {
    // Whatever the receiver hears of must survive a kill.
    kit.store.flush();
    const signed = { ...message.headers, ...sign?.(message, kit.clock.now()) };
    const delivery = { ...message.note, url: message.url, ...(await load(message, signed, kit.stopping)) };
    kit.journal.add({ kind: 'callback', ...delivery, ...(attempt > 1 ? { attempt } : {}) });
    const retryInMs = kit.stopping.aborted ? undefined : retryAfterMs?.(delivery.answered, attempt);
    if (retryInMs !== undefined) again(kit.clock.now() + retryInMs, { message, attempt: attempt + 1 });
    return delivery;
  }

  async function release(order: 'reverse' | 'as-held'): Promise<Delivery[]> {
    const due = order === 'reverse' ? held.get().toReversed() : held.get();
    held.set([]);
    const deliveries: Delivery[] = [];
    for (const message of due) deliveries.push(await deliver(message));
    return deliveries;
  }

  /** Keeps the message where the rule says so; releases all when the rule has seen enough. */
  async function keep(message: Message, rule: CallbackRule | undefined): Promise<Delivery[] | undefined> {
    if (!rule || (!rule.hold && rule.reorder === null)) return undefined;
    held.set([...held.get(), message]);
    return rule.reorder !== null && held.get().length >= rule.reorder ? release('reverse') : [];
  }

  /** The message as the first rule that fits wants it, after its delay; or what became of it instead. */
  async function prepare({ target, copies = 1, write }: Outgoing<Values<S>>) {
    const rule = rules.take(target);
    const message = write(rule as unknown as Values<S> | undefined);
    const instead = rule?.suppress ? [] : await keep(message, rule);
    if (!instead) await wait(rule?.delayMs ?? 0);
    return { message, instead, copies: Math.max(copies, rule?.copies ?? 1) };
  }

  return {
    rules,
    add: (body) => rules.add(readFields(fields, body)),
    async send(outgoing) {
      const { message, instead, copies } = await prepare(outgoing);
      return instead ?? Promise.all(Array.from({ length: copies }, () => deliver(message)));
    },
    async viaBrowser(outgoing) {
      const { message, instead, copies } = await prepare(outgoing);
      if (instead) return null;
      for (let copy = 1; copy < copies; copy += 1) void deliver(message);
      kit.journal.add({ kind: 'callback', ...message.note, url: message.url, via: 'browser' });
      return message.url;
    },
    held: () => held.get(),
    release,
    clear() {
      rules.clear();
      held.set([]);
    },
  };
}

async function load(
  { url, method = 'GET', body }: Message,
  headers: Readonly<Record<string, string>>,
  stopping: AbortSignal,
): Promise<{ answered: number | null; location: string | null; error: string | null }> {
  try {
    const response = await fetch(url, {
      method,
      headers,
      body: body ?? null,
      redirect: 'manual',
      signal: AbortSignal.any([stopping, AbortSignal.timeout(DELIVERY_LIMIT_MS)]),
    });
    await response.arrayBuffer();
    return { answered: response.status, location: response.headers.get('location'), error: null };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { answered: null, location: null, error: cause instanceof Error ? cause.message : String(cause) };
  }
}
