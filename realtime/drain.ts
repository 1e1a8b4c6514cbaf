import { setTimeout as delay } from 'node:timers/promises';

import type { Server } from 'socket.io';

import type { Connections } from './connections';

const STEP_MS = 100;

/**
 * Ends a node for its clients: they hear of it, and come back elsewhere some at a time. What is left after the time is cut.
 *
 * @param perStep how many connections are closed every 100 ms
 */
export async function drain(
  io: Server,
  connections: Connections,
  { perStep, drainTimeMs }: { readonly perStep: number; readonly drainTimeMs: number },
): Promise<void> {
  const all = connections.all();
  for (const { sockets } of all) for (const socket of sockets) socket.emit('server.draining');
  const until = performance.now() + drainTimeMs;
  for (let from = 0; from < all.length && performance.now() < until; from += perStep) {
    // A client whose transport is closed comes back by itself. One whose socket is disconnected does not.
    for (const { transport } of all.slice(from, from + perStep)) transport.close();
    await delay(STEP_MS);
  }
  await io.close();
}
