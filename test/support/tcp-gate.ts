import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** An address that leads to a server. A test may shut it: then nobody gets in, and open connections end. */
export interface TcpGate {
  /** `host:port` to use in place of the server's own. */
  readonly address: string;
  /** Leads new connections to another server, at `host:port`. */
  leadTo(target: string): void;
  shut(): void;
  open(): void;
  /** Nothing goes through any more, and nobody hears about it: connections stay, and new ones are accepted. */
  swallow(): void;
  close(): Promise<void>;
}

/** Opens a gate before the server at `host:port`. Without one, connections are refused until there is one. */
export async function openTcpGate(firstTarget?: string): Promise<TcpGate> {
  let target = firstTarget;
  let isOpen = true;
  let swallows = false;
  const inside = new Set<Socket>();

  const server = createServer((visitor) => {
    inside.add(visitor);
    visitor.on('error', () => visitor.destroy()).once('close', () => inside.delete(visitor));
    if (!isOpen || swallows) return void visitor.pause();
    if (target === undefined) return void visitor.destroy();
    const { hostname, port } = new URL(`tcp://${target}`);
    const guide = connect({ host: hostname, port: Number(port) });
    inside.add(guide);
    guide
      .on('error', () => guide.destroy())
      .once('close', () => {
        inside.delete(guide);
        visitor.destroy();
      });
    visitor.pipe(guide).pipe(visitor);
    visitor.once('close', () => guide.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endAll = () => inside.forEach((socket) => socket.destroy());
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadTo(other) {
      target = other;
    },
    shut() {
      isOpen = false;
      endAll();
    },
    swallow() {
      swallows = true;
      for (const socket of inside) socket.unpipe().pause();
    },
    open() {
      isOpen = true;
      swallows = false;
      // Connections that waited at the shut gate are tried again by their clients.
      endAll();
    },
    async close() {
      endAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
