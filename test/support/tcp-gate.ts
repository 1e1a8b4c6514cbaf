import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that can be shut: then nobody gets in, and nothing more comes of those who are. */
export interface TcpGate {
  /** `host:port` to use in place of the server's own. */
  readonly address: string;
  shut(): void;
  open(): void;
  close(): Promise<void>;
}

/** Opens a gate before the server at `host:port`. */
export async function openTcpGate(target: string): Promise<TcpGate> {
  const { hostname, port } = new URL(`tcp://${target}`);
  const inside = new Set<Socket>();
  let isOpen = true;

  const server = createServer((visitor) => {
    inside.add(visitor);
    visitor.on('error', () => visitor.destroy()).once('close', () => inside.delete(visitor));
    if (!isOpen) return void visitor.pause();
    const guide = connect({ host: hostname, port: Number(port) });
    inside.add(guide);
    guide.on('error', () => guide.destroy()).once('close', () => inside.delete(guide));
    visitor.pipe(guide).pipe(visitor);
    visitor.once('close', () => guide.destroy());
    guide.once('close', () => visitor.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    shut() {
      isOpen = false;
      for (const socket of inside) socket.destroy();
    },
    open() {
      isOpen = true;
      // Those who waited at the shut gate try anew.
      for (const socket of inside) socket.destroy();
    },
    async close() {
      for (const socket of inside) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
