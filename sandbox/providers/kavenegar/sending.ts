import { partsOf } from '../sms/parts';
import { settledCredit } from './account';
import { lineOf, defaultSender, type Account } from './accounts';
import { Refusal } from './codes';
import type { Kavenegar } from './kavenegar';
import { courseOf } from './life';
import type { Message } from './message';
import type { Parameters } from './parameters';
import { receptorOf, type Receptor } from './receptor';
import type { Switches } from './switches';

/** What a call wants sent to one receptor. */
export interface Draft {
  readonly receptor: Receptor;
  readonly receptorAsSent: string;
  readonly sender: string;
  readonly text: string;
  readonly localId: string | null;
  readonly kind?: 'sms' | 'call';
  readonly template?: string;
  readonly tokens?: Readonly<Record<string, string>>;
}

/** What holds for all messages of a call. */
export interface Sending {
  /** Milliseconds; undefined for now. */
  readonly startsAt: number | undefined;
  readonly tag: string | null;
}

const TAG = /^[\w-]{1,200}$/;
const LOCAL_ID = /^\d{1,19}$/;
/** Control characters, halves of a character, and what became of bytes that are no UTF-8. */
const UNPROCESSABLE = /[\p{Cs}\uFFFD]|(?![\n\r\t])\p{Cc}/u;
const LINK = /https?:\/\/|www\.|\b[\w-]+\.(?:ir|com|net|org|app|io)\b/i;

/** Sends all, or nothing when one of them cannot be. A `localid` that was used before answers its old message. */
export function sendAll(
  kavenegar: Kavenegar,
  account: Account,
  drafts: readonly Draft[],
  sending: Sending,
): Message[] {
  for (const { receptor } of drafts) demandReceptor(kavenegar, account, receptor);
  const fresh = new Set<string>();
  const planned = drafts.map((draft) => {
    const old = sentBefore(kavenegar, account, draft.localId);
    if (old) return () => old;
    if (draft.localId !== null && fresh.has(draft.localId)) {
      return () => sentBefore(kavenegar, account, draft.localId)!;
    }
    if (draft.localId !== null && kavenegar.switches().localIdIsKey) fresh.add(draft.localId);
    return newMessage(kavenegar, account, draft, sending);
  });
  const cost = planned.reduce((sum, message) => sum + (typeof message === 'function' ? 0 : message.cost), 0);
  takeFromCredit(kavenegar, account, cost);
  return planned.map((message) => (typeof message === 'function' ? message() : add(kavenegar, message)));
}

/** Throws 418. */
function takeFromCredit(kavenegar: Kavenegar, account: Account, cost: number): void {
  if (cost === 0) return;
  const { credit } = kavenegar.accounts.find(account.key) ?? account;
  const left = credit >= cost ? credit : settledCredit(kavenegar, account);
  if (cost > left) throw new Refusal(418);
  kavenegar.accounts.put(account.key, { credit: left - cost });
}

/** When a call wants its messages sent, and their tag. Throws 417 for an instant that has passed, and 607. */
export function readSending({ kit }: Kavenegar, account: Account, parameters: Parameters): Sending {
  const date = parameters.seconds('date');
  const startsAt = date === undefined ? undefined : date * 1_000;
  if (startsAt !== undefined && startsAt < kit.clock.now() - 1_000) throw new Refusal(417);
  const tag = parameters.get('tag') ?? null;
  if (tag !== null && !(TAG.test(tag) && account.tags.includes(tag))) throw new Refusal(607);
  return { startsAt, tag };
}

/** The receptor, text and sender of a draft. Throws 411, 413, 420, 422, 412 and 427. */
export function readDraft(
  kavenegar: Kavenegar,
  account: Account,
  given: { receptor: string; text: string; sender: string | undefined; localId: string | undefined },
): Draft {
  const { longestText, ...switches } = kavenegar.switches();
  const { text, sender, localId } = given;
  const receptor = receptorOf(given.receptor, switches);
  if (text.trim() === '' || text.length > longestText) throw new Refusal(413);
  if (UNPROCESSABLE.test(text)) throw new Refusal(422);
  if (!account.mayLink && LINK.test(text)) throw new Refusal(420);
  if (localId !== undefined && !LOCAL_ID.test(localId)) throw new Refusal(400);
  return {
    receptor,
    receptorAsSent: given.receptor,
    sender: lineOf(account, sender ?? defaultSender(account)),
    text,
    localId: localId ?? null,
  };
}

function demandReceptor({ switches }: Kavenegar, { testOwner }: Account, { e164 }: Receptor): void {
  if (
    testOwner !== null &&
    receptorOf(testOwner, { ...switches(), receptorForms: 'all-four' }).e164 !== e164
  ) {
    throw new Refusal(501);
  }
}

function sentBefore(
  { localIds, messages, switches }: Kavenegar,
  { key }: Account,
  localId: string | null,
): Message | undefined {
  if (localId === null || !switches().localIdIsKey) return undefined;
  const messageId = localIds.find(key, localId);
  return messageId === undefined ? undefined : messages.find(messageId);
}

function newMessage(
  { kit, blocked, switches }: Kavenegar,
  { key, debugmode }: Account,
  draft: Draft,
  { startsAt, tag }: Sending,
): Message {
  const { kind = 'sms', template = null, tokens = {}, receptor, sender, text } = draft;
  const now = kit.clock.now();
  const unscheduled = template === null ? 1 : 5;
  const first = startsAt !== undefined && startsAt > now ? 2 : unscheduled;
  const parts = countParts(text, switches());
  const departure = {
    to: receptor.e164,
    first,
    startsAt: first === 2 ? startsAt! : now,
    isDebugging: debugmode === 'enabled',
    // Messages by template reach people who block what lines send otherwise.
    isBlocked: template === null && blocked.find(sender, receptor.local) !== undefined,
  } as const;
  return {
    ...draft,
    ...{ kind, template, tokens, tag, parts },
    messageId: String(kit.nextNumber()),
    apiKey: key,
    cost: switches().costPerPartRial * parts,
    status: first,
    startsAt: departure.startsAt,
    ...courseOf(departure, switches()),
  };
}

/** One part that is longer than 70 units is in Latin script. */
function countParts(text: string, { latinSinglePart }: Pick<Switches, 'latinSinglePart'>): number {
  const parts = partsOf(text);
  return parts === 1 && text.length > latinSinglePart ? 2 : parts;
}

function add({ messages, localIds, planPushes }: Kavenegar, message: Message): Message {
  messages.add(message, 'created');
  if (message.localId !== null) localIds.add(message.apiKey, message.localId, message.messageId);
  planPushes(message);
  return message;
}
