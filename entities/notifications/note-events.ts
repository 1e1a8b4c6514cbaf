import type { Transaction } from '../sql';
import { findPeople } from './find-people';
import { boxIdOf } from './notification-boxes';
import { tellingsOf, type NotableEvent } from './notification-rules';
import { notify, type Created, type Wanted } from './notify';

/** As many as one transaction makes. It holds their accounts for that long: 500 take 0.3 to 0.5 s on two busy cores. */
const TOLD_AT_ONCE = 500;

/** Something that somebody is to hear, and the event that it comes from. */
export interface WantedOf<Event> extends Wanted {
  readonly event: Event;
}

/** Whom events of the journal concern: the rules say what is told, and one statement finds the people for the whole batch. */
export async function findWanted<Event extends NotableEvent>(
  transaction: Transaction,
  events: readonly Event[],
): Promise<WantedOf<Event>[]> {
  const tellings = events.flatMap((event) => tellingsOf(event).map((telling) => ({ event, ...telling })));
  if (tellings.length === 0) return [];
  const found = await findPeople(transaction, tellings);
  return found.map(({ place, owner }) => {
    const { event, kind, dedupeKey, data, at } = tellings[place]!;
    return { event, owner, kind, dedupeKey, data, at };
  });
}

/**
 * Cuts what a batch wants to tell into parts that one transaction can make. What one recipient is to hear stays together, so that
 * each box has one event for a batch.
 */
export function inParts<Some extends Pick<Wanted, 'owner'>>(wanted: readonly Some[]): Some[][] {
  const boxes = new Map<string, Some[]>();
  for (const it of wanted) {
    const box = boxes.get(boxIdOf(it.owner));
    if (box) box.push(it);
    else boxes.set(boxIdOf(it.owner), [it]);
  }
  const parts: Some[][] = [];
  for (const box of boxes.values()) {
    const last = parts.at(-1);
    if (last && last.length + box.length <= TOLD_AT_ONCE) last.push(...box);
    else parts.push(box);
  }
  return parts;
}

/** Makes notifications of events of the journal, in one transaction. Who heard already hears nothing. Returns what is new. */
export async function noteEvents(
  transaction: Transaction,
  events: readonly NotableEvent[],
): Promise<Created[]> {
  return notify(transaction, await findWanted(transaction, events));
}
