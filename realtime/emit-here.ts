import type { Namespace as SocketNamespace } from 'socket.io';

/** Sending to 5,000 sockets at once would hold everything else up for longer than clients should wait. */
const MOST_AT_ONCE = 1_000;

/**
 * Sends to the sockets of this node that are in any of the rooms, each once. A large audience is served in parts, between which
 * others get their turn; who leaves meanwhile gets nothing more.
 *
 * @returns about how many sockets it went to
 */
export async function emitHere(
  { adapter, local, sockets }: SocketNamespace,
  rooms: readonly string[],
  event: string,
  payload: object,
): Promise<number> {
  const members = rooms.flatMap((room) => adapter.rooms.get(room) ?? []);
  const size = members.reduce((sum, ids) => sum + ids.size, 0);
  if (size === 0) return 0;
  if (size <= MOST_AT_ONCE) {
    local.to([...rooms]).emit(event, payload);
    return size;
  }
  const ids = [...new Set(members.flatMap((set) => [...set]))];
  for (let from = 0; from < ids.length; from += MOST_AT_ONCE) {
    if (from > 0) await new Promise(setImmediate);
    const part = ids
      .slice(from, from + MOST_AT_ONCE)
      .filter((id) => rooms.some((room) => sockets.get(id)?.rooms.has(room)));
    if (part.length > 0) local.to(part).emit(event, payload);
  }
  return ids.length;
}
