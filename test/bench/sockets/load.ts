import { WebSocket } from 'ws';

/** One client: what it shows, and which orders it follows. */
export interface LoadClient {
  readonly auth: object;
  readonly subscriptions: readonly object[];
}

/** What the parent of this process asks. */
export type LoadRequest =
  | { readonly kind: 'connect'; readonly url: string; readonly clients: readonly LoadClient[] }
  | { readonly kind: 'subscribe' }
  | { readonly kind: 'reset'; readonly keepTimes: boolean }
  | { readonly kind: 'report' };

/** What this process has received since the last reset. */
export interface LoadReport {
  readonly count: number;
  /** In milliseconds since the epoch. */
  readonly lastAt: number;
  readonly problems: number;
  readonly closed: number;
  /** `id:version` of each event, and when it came, if they are kept. */
  readonly times: readonly (readonly [key: string, at: number])[];
}

/** Raw WebSocket clients that speak just enough of Engine.IO and Socket.IO: they cost the machine little. */
const NAMESPACE = '/orders';
const AT_ONCE = 50;

interface Open {
  readonly socket: WebSocket;
  readonly client: LoadClient;
}

const waiting: Open[] = [];
let count = 0;
let lastAt = 0;
let problems = 0;
let closed = 0;
let keepsTimes = false;
let times: [string, number][] = [];
const acks = new Map<WebSocket, () => void>();

const now = () => performance.timeOrigin + performance.now();

function connect(url: string, client: LoadClient): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/?EIO=4&transport=websocket`, {
      perMessageDeflate: false,
    });
    socket.on('error', reject);
    socket.on('close', () => (closed += 1));
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      if (text.startsWith(`42${NAMESPACE}`)) return received(text);
      if (text === '2') return socket.send('3');
      if (text.startsWith(`43${NAMESPACE}`)) {
        if (!text.includes('"ok":true')) problems += 1;
        return acks.get(socket)?.();
      }
      if (text.startsWith('0')) return socket.send(`40${NAMESPACE},${JSON.stringify(client.auth)}`);
      if (text.startsWith(`40${NAMESPACE}`)) {
        waiting.push({ socket, client });
        resolve();
      }
      if (text.startsWith(`44${NAMESPACE}`)) reject(new Error(text));
    });
  });
}

function received(text: string): void {
  count += 1;
  lastAt = now();
  if (!keepsTimes) return;
  const id = /"id":"([^"]+)"/.exec(text)?.[1];
  const version = /"version":(\d+)/.exec(text)?.[1];
  times.push([`${id}:${version}`, lastAt]);
}

async function subscribe({ socket, client }: Open): Promise<void> {
  for (const input of client.subscriptions) {
    await new Promise<void>((resolve) => {
      acks.set(socket, resolve);
      socket.send(`42${NAMESPACE},1${JSON.stringify(['subscribe', input])}`);
    });
  }
  acks.delete(socket);
}

/** Does the work for all, some at a time. */
async function each<Item>(items: Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const worker = async () => {
    for (let item = items.shift(); item; item = items.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function answer(request: LoadRequest): Promise<object> {
  switch (request.kind) {
    case 'connect':
      await each([...request.clients], (client) => connect(request.url, client));
      return {};
    case 'subscribe':
      await each(waiting, subscribe);
      return {};
    case 'reset':
      keepsTimes = request.keepTimes;
      [count, lastAt, times] = [0, 0, []];
      return {};
    case 'report':
      return { count, lastAt, problems, closed, times: keepsTimes ? times : [] } satisfies LoadReport;
  }
}

process.on('message', (request: LoadRequest) => {
  void answer(request).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
