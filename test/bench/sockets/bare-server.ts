import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Server } from 'socket.io';

/** What the parent of this process asks. */
export interface BareEmits {
  /** An event for everybody in a room, each at once. */
  readonly emits: readonly { readonly room: string; readonly event: object }[];
}

/** Socket.IO with rooms and nothing else: no authentication, no database, no limits. The parent tells it what to send. */
const http = createServer();
const io = new Server(http, { path: '/ws', serveClient: false, perMessageDeflate: false });
const orders = io.of('/orders');
orders.on('connection', (socket) => {
  socket.on('subscribe', ({ orderId }: { orderId: string }, ack: (answer: object) => void) => {
    void socket.join(`order:${orderId}`);
    ack({ ok: true });
  });
});
process.on('message', ({ emits }: BareEmits) => {
  for (const { room, event } of emits) orders.to(room).emit('event', event);
});
process.on('disconnect', () => process.exit(0));
http.listen(0, '127.0.0.1', () => process.send?.(`http://127.0.0.1:${(http.address() as AddressInfo).port}`));
