import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';

import { SMTPServer } from 'smtp-server';

/** A mail as the server got it, source and all. */
export type ReceivedMail = string;

/** A mail server that keeps what it gets. */
export interface SmtpUnderTest {
  readonly url: string;
  readonly mails: ReceivedMail[];
  /** How the next mail goes wrong. */
  next: 'busy' | 'refuses' | 'silent' | 'lost answer' | undefined;
  stop(): Promise<void>;
}

/** Starts a mail server on a free port. */
export async function startSmtpServer(): Promise<SmtpUnderTest> {
  const sockets = new Set<Socket>();
  const under: SmtpUnderTest = { url: '', mails: [], next: undefined, stop };
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData(stream, _session, callback) {
      const how = under.next;
      under.next = undefined;
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (how === 'busy') return callback(Object.assign(new Error('try later'), { responseCode: 451 }));
        if (how === 'refuses') return callback(Object.assign(new Error('no'), { responseCode: 550 }));
        if (how !== 'silent') under.mails.push(Buffer.concat(chunks).toString('utf8'));
        if (how === undefined) callback();
      });
    },
  });
  server.on('error', () => undefined);
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');

  async function stop(): Promise<void> {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((closed) => server.close(() => closed()));
  }
  return Object.assign(under, { url: `smtp://127.0.0.1:${(listening.address() as AddressInfo).port}` });
}
