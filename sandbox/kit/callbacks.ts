import { flag, orNull, readFields, text, wholeNumber, type Schema, type Values } from './fields';
import type { Kit } from './kit';
import { sendMessage, type Delivery, type Message } from './message';
import { RequestProblem } from './problem';
import { createRules, type Rule, type Rules, type Target } from './rules';
import { storedMap, storedValue } from './store';
import { LONGEST_WAIT_MS, wait } from './wait';

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

/** The ways back to the shop: webhooks, and browsers that come back. */
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
  readonly ruleFields?: S;
  /** The targets that a rule can name. */
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

const MOST_COPIES = 1_000;
const MOST_HELD = 10_000;

/** Callbacks with those that were kept before a restart. */
export function createCallbacks<S extends Schema = Record<never, never>>(
  kit: Kit,
  { ruleFields, targets, sign, retryAfterMs }: CallbacksOptions<S>,
): Callbacks<Values<S>> {
  const rules = createRules(storedValue<readonly CallbackRule[]>(kit.store, 'callback-rules', []), targets);
  const held = storedMap<Message>(kit.store, 'held-callbacks');
  const fields: Schema = {
    times: orNull(wholeNumber(1, { least: 1 }), 1),
    ...Object.fromEntries(targets.map((name) => [name, orNull(text())])),
    suppress: flag(),
    delayMs: wholeNumber(0, { most: LONGEST_WAIT_MS }),
    copies: wholeNumber(1, { least: 1, most: MOST_COPIES }),
    hold: flag(),
    reorder: orNull(wholeNumber(2, { least: 2, most: MOST_HELD })),
    ...ruleFields,
  };
  const again = kit.agenda.task<{ message: Message; attempt: number }>('callback', ({ message, attempt }) =>
    deliver(message, attempt),
  );

  async function deliver(message: Message, attempt = 1): Promise<Delivery> {
    // Whatever the receiver hears of must survive a kill.
    kit.store.flush();
    const headers = { ...message.headers, ...sign?.(message, kit.clock.now()) };
    const received = await sendMessage({ ...message, headers }, kit.stopping);
    const delivery = { ...message.note, url: message.url, ...received };
    kit.journal.add({ kind: 'callback', ...delivery, ...(attempt > 1 ? { attempt } : {}) });
    const retryInMs = kit.stopping.aborted ? undefined : retryAfterMs?.(delivery.answered, attempt);
    if (retryInMs !== undefined) again(kit.clock.now() + retryInMs, { message, attempt: attempt + 1 });
    return delivery;
  }

  async function release(order: 'reverse' | 'as-held'): Promise<Delivery[]> {
    const kept = [...held.values()];
    held.clear();
    const deliveries: Delivery[] = [];
    for (const message of order === 'reverse' ? kept.toReversed() : kept) {
      deliveries.push(await deliver(message));
    }
    return deliveries;
  }

  /** Keeps the message where the rule says so; releases all when the rule has seen enough. */
  async function keep(message: Message, rule: CallbackRule | undefined): Promise<Delivery[] | undefined> {
    if (!rule || (!rule.hold && rule.reorder === null)) return undefined;
    if (held.size >= MOST_HELD) throw new RequestProblem(409, `${MOST_HELD} messages are kept: release them`);
    held.set(String(kit.nextNumber()), message);
    return rule.reorder !== null && held.size >= rule.reorder ? release('reverse') : [];
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
    held: () => [...held.values()],
    release,
    clear() {
      rules.clear();
      held.clear();
    },
  };
}
