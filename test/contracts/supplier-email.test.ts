import { expect, test } from 'vitest';

import { createEmailChannel } from '../../activities/purchasing/email-channel';
import { orderCsv } from '../../activities/purchasing/order-csv';
import { buildOutgoing } from '../support/outgoing-message';
import { startSmtpServer } from '../support/smtp-server';
import {
  describeSupplierChannel,
  type ChannelUnderTest,
  type ReceivedMessage,
} from './supplier-channel.suite';

const FROM = 'purchasing@shop.example';

async function start(): Promise<ChannelUnderTest> {
  const server = await startSmtpServer();
  const channelWith = (smtpUrl: string, timeoutMs: number) =>
    createEmailChannel({ smtpUrl, from: FROM, timeoutMs });
  return {
    channel: channelWith(server.url, 5_000),
    impatient: channelWith(server.url, 300),
    unreachable: channelWith('smtp://127.0.0.1:1', 1_000),
    message: (fields) => buildOutgoing({ channel: 'email', address: 'orders@supplier.example', ...fields }),
    received: (orderId) =>
      Promise.resolve(server.mails.map(readMail).filter(({ id }) => id.startsWith(orderId))),
    misbehave(how) {
      server.next = how;
      return Promise.resolve();
    },
    reset() {
      server.next = undefined;
      return Promise.resolve();
    },
    stop: () => server.stop(),
  };
}

/** The parts of a mail that a supplier reads. */
function readMail(source: string): ReceivedMessage {
  const id = /^message-id: <(.+)@shop\.example>/im.exec(source)![1]!;
  const [, base64] = /filename=order-.*?\r\n\r\n([\s\S]*?)\r\n--/.exec(source)!;
  const csv = Buffer.from(base64!.replaceAll(/\s/g, ''), 'base64').toString('utf8');
  const lines = csv
    .split('\r\n')
    .slice(1, -1)
    .map((line) => {
      const [sku, quantity] = line.split(',') as [string, string];
      return { sku, quantity: Number(quantity) };
    });
  return { id, isCancellation: /^subject: cancelled/im.test(source), lines };
}

describeSupplierChannel('an e-mail', start);

test('no cell of the table is a formula, and each stays one cell', () => {
  const lines = ['=1+1', '+1', '-1', '@a', '\tb', 'a,b', 'a"b', 'a\nb'].map((sku) => ({ sku, quantity: 1 }));
  expect(orderCsv(lines)).toBe(
    `\u{FEFF}sku,quantity\r\n'=1+1,1\r\n'+1,1\r\n'-1,1\r\n'@a,1\r\n'\tb,1\r\n"a,b",1\r\n"a""b",1\r\n"a\nb",1\r\n`,
  );
});
