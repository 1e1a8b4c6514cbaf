import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect, onTestFinished, test } from 'vitest';

import { createWebhookChannel } from '../../activities/purchasing/webhook-channel';
import { isPublicUrl } from '../../platform/public-lookup';
import { startProvider } from '../../sandbox/kit/start-provider';
import { supplierProvider } from '../../sandbox/providers/supplier/provider';
import { SUPPLIER_SECRETS } from '../support/factories/suppliers';
import { buildOutgoing, buildSupplierSecret } from '../support/outgoing-message';
import { describeSupplierChannel, type ChannelUnderTest } from './supplier-channel.suite';

const SETTINGS = {
  secrets: SUPPLIER_SECRETS,
  timeoutMs: 5_000,
  publicOnly: false,
  replyUrl: (supplierId: string) => `http://127.0.0.1:1/webhooks/suppliers/${supplierId}`,
};
const NOBODY = 'http://127.0.0.1:1/orders';

async function openSandbox() {
  const sandbox = await startProvider(supplierProvider(), { port: 0 });
  async function control<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(`${sandbox.url}/_sandbox${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  }
  return { ...sandbox, control };
}

const FAULTS = {
  busy: { kind: 'error', status: 503 },
  refuses: { kind: 'error', status: 410 },
  silent: { kind: 'timeout', when: 'before' },
  'lost answer': { kind: 'timeout', when: 'after' },
};

async function start(): Promise<ChannelUnderTest> {
  const { url, control, stop } = await openSandbox();
  const supplierId = randomUUID();
  const { row, secret } = buildSupplierSecret(supplierId);
  await control('PUT', '/secret', { secret });
  const channel = createWebhookChannel(SETTINGS);
  const unreachable = createWebhookChannel({ ...SETTINGS, timeoutMs: 1_000 });
  return {
    channel,
    impatient: createWebhookChannel({ ...SETTINGS, timeoutMs: 300 }),
    unreachable: {
      send: (message) => unreachable.send({ ...message, address: NOBODY }),
      cancel: (message) => unreachable.cancel({ ...message, address: NOBODY }),
    },
    message: (fields) => buildOutgoing({ supplierId, ...row, address: `${url}/orders`, ...fields }),
    async received(orderId) {
      const { orders } = await control<{
        orders: { orderId: string; webhookIds: string[]; lines: { sku: string; quantity: number }[] }[];
      }>('GET', '/orders');
      const order = orders.find((one) => one.orderId === orderId);
      return (order?.webhookIds ?? []).map((id) => ({
        ...{ id, isCancellation: id.endsWith('-r2'), lines: order!.lines },
      }));
    },
    misbehave: (how) => control('POST', '/faults', { ...FAULTS[how], endpoint: 'orders', times: 1 }),
    async reset() {
      await control('DELETE', '/faults');
    },
    stop,
  };
}

describeSupplierChannel('a signed webhook', start);

test('a supplier refuses what is signed by another secret, and takes either while they rotate', async () => {
  const { url, control, stop } = await openSandbox();
  onTestFinished(() => stop());
  const supplierId = randomUUID();
  const older = buildSupplierSecret(supplierId);
  const newer = buildSupplierSecret(supplierId);
  await control('PUT', '/secret', { secret: older.secret });
  const channel = createWebhookChannel(SETTINGS);
  const message = buildOutgoing({ supplierId, address: `${url}/orders` });
  expect(await channel.send({ ...message, ...newer.row })).toEqual({ kind: 'refused', message: 'HTTP 401' });
  const rotating = {
    ...{ previousSecret: older.row.secret, previousSecretKeyId: older.row.secretKeyId },
    ...newer.row,
  };
  expect(await channel.send({ ...message, ...rotating })).toMatchObject({ kind: 'sent' });
});

test('an order follows no redirect and goes to public https addresses only', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(307, { location: '/elsewhere' }).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const message = buildOutgoing({ address: `http://127.0.0.1:${port}/orders` });
  expect(await createWebhookChannel(SETTINGS).send(message)).toMatchObject({ kind: 'refused' });
  expect(asked).toEqual(['/orders']);

  const strict = createWebhookChannel({ ...SETTINGS, publicOnly: true, timeoutMs: 2_000 });
  expect(await strict.send(message)).toMatchObject({ kind: 'refused' });
  // The name is public enough, what it resolves to is not.
  const named = await strict.send({ ...message, address: `https://localhost:${port}/orders` });
  expect(named.kind).not.toBe('sent');
  expect(asked).toEqual(['/orders']);
});

test.each([
  ['https://supplier.example/orders', true],
  ['https://8.8.8.8/orders', true],
  ['http://supplier.example/orders', false],
  ['https://127.0.0.1/orders', false],
  ['https://10.0.0.8/orders', false],
  ['https://169.254.169.254/latest/meta-data', false],
  ['https://[::1]/orders', false],
  ['https://[::ffff:10.0.0.1]/orders', false],
  ['https://[fd00::1]/orders', false],
  ['https://2130706433/orders', false],
  ['https://user:password@supplier.example/orders', false],
  ['file:///etc/passwd', false],
])('%s may be called: %s', (url, isAllowed) => {
  expect(isPublicUrl(url)).toBe(isAllowed);
});
