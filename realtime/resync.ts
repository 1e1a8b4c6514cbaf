import type { Socket } from 'socket.io';

import { leaveRooms, type Connections } from './connections';
import type { OpenNamespace } from './open-namespace';

/** Tells clients that what they know may be old: they ask for every list and subscription again. */
export interface Resyncs {
  /** Tells all clients, after all of them have left their rooms: among events that were skipped may be the end of a right. */
  all(): void;
  /**
   * An event of an aggregate cannot be shown, and may have ended a right: those who follow the aggregate leave its room, or all rooms
   * where it is not known, and are told at once.
   *
   * @returns the ids of those who were told
   */
  followers(open: OpenNamespace, room: string | undefined): readonly string[];
  /** Lists may have such an event, too: whoever is in another room than those of aggregates is told, and stays. */
  lists(open: OpenNamespace, except: ReadonlySet<string>): void;
}

/** All of them would ask at once otherwise. */
const OVER_MS = 10_000;
const STEP_MS = 100;

export function createResyncs(connections: Connections): Resyncs {
  const waiting = new Set<Pick<Socket, 'emit'>>();
  let step = 0;
  let timer: ReturnType<typeof setInterval> | undefined;

  function tellSome(): void {
    for (const socket of [...waiting].slice(0, step)) {
      waiting.delete(socket);
      socket.emit('resync');
    }
    if (waiting.size > 0) return;
    clearInterval(timer);
    timer = undefined;
    step = 0;
  }

  function tellLater(sockets: Iterable<Pick<Socket, 'emit'>>): void {
    for (const socket of sockets) waiting.add(socket);
    if (waiting.size === 0) return;
    step = Math.max(step, Math.ceil((waiting.size * STEP_MS) / OVER_MS));
    timer ??= setInterval(tellSome, STEP_MS).unref();
  }

  return {
    all() {
      const all = connections.all();
      all.forEach(leaveRooms);
      tellLater(all.flatMap(({ sockets }) => [...sockets]));
    },
    followers({ sockets }, room) {
      const ids = room === undefined ? sockets.sockets.keys() : (sockets.adapter.rooms.get(room) ?? []);
      return [...ids].filter((id) => {
        const socket = sockets.sockets.get(id);
        const left = room === undefined ? [...(socket?.rooms ?? [])].filter((name) => name !== id) : [room];
        if (!socket || left.length === 0) return false;
        for (const name of left) void socket.leave(name);
        socket.emit('resync');
        return true;
      });
    },
    lists({ definition, sockets }, except) {
      const ofAggregates = definition.follows.flatMap(({ roomOf }) => roomOf?.('') ?? []);
      const isList = (name: string) => !ofAggregates.some((prefix) => name.startsWith(prefix));
      const inLists = [...sockets.sockets.values()].filter(
        ({ id, rooms }) => !except.has(id) && [...rooms].some((name) => name !== id && isList(name)),
      );
      tellLater(inLists);
    },
  };
}
