import { setTimeout as delay } from 'node:timers/promises';

import { WebSocket } from 'undici';

/** An order that a client follows, with its token. */
export interface Followed {
  readonly orderId: string;
  readonly token: string;
}

/** What the drill tells this process: first whom to follow, then what everybody must know in the end. */
export type ToClients =
  | { readonly nodes: readonly string[]; readonly clients: readonly (readonly Followed[])[] }
  | { readonly newest: Readonly<Record<string, number>> };

/** How the clients are doing. */
export interface ClientsReport {
  /** Clients that have joined and have been answered for each of their orders since. */
  readonly following: number;
  /** Orders of clients that do not know the newest version. */
  readonly behind: number;
  /** Events whose content is not that of their version. */
  readonly wrong: number;
  /** Events that the version check dropped, or held until a client had asked for those before. */
  readonly dropped: number;
  readonly held: number;
  readonly connections: number;
}

interface LiveOrder extends Followed {
  last: number;
  seen: number;
  isAsking: boolean;
  isFollowed: boolean;
}

interface Event {
  readonly version: number;
  readonly type: string;
  readonly payload: { readonly quantity?: number };
}

interface Subscribed {
  readonly ok: boolean;
  readonly result?: { readonly events: readonly Event[]; readonly more: boolean; readonly version: number };
}

const counts = { wrong: 0, dropped: 0, held: 0, connections: 0 };
const everybody: LiveOrder[][] = [];

/** A raw client of `/orders` that keeps the rules of docs/realtime.md, and goes to the next node when its own is gone. */
async function runClient(orders: readonly LiveOrder[], nodes: readonly string[], first: number) {
  for (let attempt = first; ; attempt += 1) {
    await connectOnce(orders, nodes[attempt % nodes.length]!);
    for (const order of orders) Object.assign(order, { isAsking: false, isFollowed: false });
    await delay(200 + Math.random() * 1_800);
  }
}

function connectOnce(orders: readonly LiveOrder[], node: string): Promise<void> {
  const socket = new WebSocket(`${node.replace('http', 'ws')}/ws/?EIO=4&transport=websocket`);

  function subscribe(order: LiveOrder): void {
    if (order.isAsking || socket.readyState !== WebSocket.OPEN) return;
    order.isAsking = true;
    const input = { orderId: order.orderId, token: order.token, after: order.last };
    socket.send(`42/orders,${orders.indexOf(order)}${JSON.stringify(['subscribe', input])}`);
  }

  function take(order: LiveOrder, { version, type, payload }: Event): void {
    order.seen = Math.max(order.seen, version);
    if (version <= order.last) counts.dropped += 1;
    else if (version > order.last + 1) {
      counts.held += 1;
      subscribe(order);
    } else {
      order.last = version;
      if (type === 'order.units_shipped' && payload.quantity !== version) counts.wrong += 1;
    }
  }

  async function answered(order: LiveOrder, { ok, result }: Subscribed): Promise<void> {
    order.isAsking = false;
    if (!ok || !result) {
      await delay(300);
      return subscribe(order);
    }
    for (const event of result.events) take(order, event);
    order.isFollowed = true;
    if (result.more || order.seen > order.last) subscribe(order);
  }

  function hear(text: string): void {
    const [, packet, id, json] = /^(\d\d?)(?:\/orders,)?(\d*)(.*)$/s.exec(text)!;
    if (packet === '2') socket.send('3');
    else if (text.startsWith('0')) socket.send('40/orders,');
    else if (packet === '40') orders.forEach(subscribe);
    else if (packet === '44') socket.close();
    else if (packet === '43') {
      const [answer] = JSON.parse(json!) as [Subscribed];
      void answered(orders[Number(id)]!, answer);
    } else if (packet === '42') {
      const [name, event] = JSON.parse(json!) as [string, Event & { id: string }];
      if (name === 'event')
        take(
          orders.find(({ orderId }) => orderId === event.id)!,
          event,
        );
      if (name === 'resync') orders.forEach(subscribe);
    }
  }

  return new Promise((resolve) => {
    socket.addEventListener('open', () => (counts.connections += 1));
    socket.addEventListener('message', ({ data }) => hear(String(data)));
    // An error is followed by a close.
    socket.addEventListener('error', () => undefined);
    socket.addEventListener('close', () => resolve());
  });
}

process.on('message', (message: ToClients) => {
  if ('nodes' in message) {
    for (const [place, followed] of message.clients.entries()) {
      const orders = followed.map((order) => {
        return { ...order, last: 0, seen: 0, isAsking: false, isFollowed: false };
      });
      everybody.push(orders);
      void runClient(orders, message.nodes, place);
    }
    return;
  }
  const report: ClientsReport = {
    ...counts,
    following: everybody.filter((orders) => orders.every(({ isFollowed }) => isFollowed)).length,
    behind: everybody.flat().filter(({ orderId, last }) => last !== message.newest[orderId]).length,
  };
  process.send!(report);
});
