import type { Namespace as SocketNamespace } from 'socket.io';

import type { LiveEvent } from './event-maps';

/** An event, and the rooms that get it. */
export interface Sending {
  readonly rooms: readonly string[];
  /** Whoever is in one of these rooms does not get it. */
  readonly except?: readonly string[] | undefined;
  readonly event: LiveEvent;
  /** What some of their sockets get instead. */
  readonly part?: { readonly event: LiveEvent; readonly isFor: (socketId: string) => boolean };
}

/** Some 40 ms of sending. */
const MOST_IN_A_TURN = 4_000;

/**
 * Sends events, in their order, to the sockets of this node that are in any of their rooms, each once. Many deliveries would hold
 * everything else up for seconds: then some sockets after others get all of their events, and others have their turn in between.
 * All events of a socket go out together, because they share a write, which costs the most. Who leaves meanwhile gets nothing more.
 */
export async function emitHere(
  { adapter, local }: SocketNamespace,
  sendings: readonly Sending[],
): Promise<void> {
  const membersOf = (rooms: readonly string[]) => rooms.flatMap((room) => adapter.rooms.get(room) ?? []);
  const emit = (to: readonly string[], event: LiveEvent, except: readonly string[]) => {
    if (to.length === 0) return;
    local
      .to([...to])
      .except([...except])
      .emit('event', event);
  };

  /** Each socket is in a room of its own, too. */
  function send(to: readonly string[], { except = [], event, part }: Sending): void {
    if (!part) {
      emit(to, event, except);
      return;
    }
    const ids = [...new Set(membersOf(to).flatMap((members) => [...members]))];
    const those = new Set(ids.filter((id) => part.isFor(id)));
    emit([...those], part.event, except);
    emit(
      ids.filter((id) => !those.has(id)),
      event,
      except,
    );
  }

  const rooms = new Set<ReadonlySet<string>>();
  const heard: Sending[] = [];
  let deliveries = 0;
  for (const sending of sendings) {
    const audience = membersOf(sending.rooms);
    if (audience.length > 0) heard.push(sending);
    for (const members of audience) {
      rooms.add(members);
      deliveries += members.size;
    }
  }
  if (deliveries <= MOST_IN_A_TURN) {
    for (const sending of heard) send(sending.rooms, sending);
    return;
  }

  const sockets = [...new Set([...rooms].flatMap((members) => [...members]))];
  const atOnce = Math.max(1, Math.floor((sockets.length * MOST_IN_A_TURN) / deliveries));
  for (let from = 0; from < sockets.length; from += atOnce) {
    if (from > 0) await new Promise(setImmediate);
    const some = new Set(sockets.slice(from, from + atOnce));
    for (const sending of heard) send(inBoth(some, membersOf(sending.rooms)), sending);
  }
}

function inBoth(part: ReadonlySet<string>, rooms: readonly ReadonlySet<string>[]): string[] {
  const size = rooms.reduce((sum, members) => sum + members.size, 0);
  if (size > part.size) return [...part].filter((id) => rooms.some((members) => members.has(id)));
  return rooms.flatMap((members) => [...members].filter((id) => part.has(id)));
}
