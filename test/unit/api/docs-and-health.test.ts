import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect, onTestFinished, test } from 'vitest';

import { askNeighbours } from '../../../api/health/health-check';
import { askHost } from '../../support/ask-host';
import { openApiForTest } from './open-api-under-test';

test('the page of the API and everything it loads comes from the API itself', async () => {
  const api = await openApiForTest();
  const page = await fetch(`${api.url}/docs`);
  const html = await page.text();

  const loaded = Array.from(html.matchAll(/(?:src|href)="([^"]+)"/g), ([, address]) => address!);
  expect(loaded.length).toBeGreaterThan(3);
  for (const address of loaded) {
    expect(address).toMatch(/^\/docs\//);
    const file = await fetch(api.url + address);
    expect([address, file.status]).toEqual([address, 200]);
    expect((await file.arrayBuffer()).byteLength).toBeGreaterThan(0);
  }
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(html).not.toMatch(/https?:\/\//);
});

test('the root leads to it', async () => {
  const api = await openApiForTest();

  const root = await fetch(`${api.url}/`);
  expect([root.status, root.url]).toEqual([200, `${api.url}/docs`]);
});

test('the page may run scripts of its own origin only', async () => {
  const api = await openApiForTest();
  const { headers } = await fetch(`${api.url}/docs`);

  const policy = headers.get('content-security-policy');
  expect(policy).toContain("default-src 'none'");
  expect(policy).toMatch(/script-src 'self'(;|$)/);
});

test('no other file is served beside the page', async () => {
  const api = await openApiForTest();

  for (const file of [
    'package.json',
    'index.html',
    '..%2fpackage.json',
    '%2e%2e',
    'constructor',
    'swagger-ui.js',
  ]) {
    // `fetch` itself would make another address of `%2e%2e`.
    expect((await askHost(api.url, 'shop', `/docs/${file}`, undefined, 'GET')).status, file).toBe(404);
  }
});

test('the document is served', async () => {
  const api = await openApiForTest();
  const document = (await (await fetch(`${api.url}/openapi.json`)).json()) as Record<string, object>;

  expect(document.openapi).toBe('3.1.0');
  expect(Object.keys(document.paths!)).toContain('/health/ready');
});

test('a process is live whatever its neighbours do', async () => {
  const api = await openApiForTest();
  const answer = await fetch(`${api.url}/health/live`);

  expect([answer.status, await answer.json()]).toEqual([200, { status: 'live' }]);
});

test('without Postgres it is not ready, and names who is away', async () => {
  const api = await openApiForTest();
  const answer = await fetch(`${api.url}/health/ready`);

  expect(answer.status).toBe(503);
  expect(await answer.json()).toEqual({ status: 'not_ready', away: ['postgres', 'redis', 'temporal'] });
});

test('a neighbour that does not answer in time is away, and one that does is not', async () => {
  const checks = [
    { name: 'temporal', required: false, check: () => new Promise(() => {}) },
    { name: 'well', required: true, check: () => Promise.resolve() },
  ];

  expect(await askNeighbours(checks, 1)).toEqual({ isReady: true, away: ['temporal'] });
});

test('a neighbour that has answered is not away because this process was busy and did not listen', async () => {
  const neighbour = createServer((_, response) => response.end());
  await new Promise<void>((resolve) => neighbour.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void neighbour.close());
  const { port } = neighbour.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  await (await fetch(url)).text();

  const answer = askNeighbours([{ name: 'postgres', required: true, check: () => fetch(url) }], 40);
  for (let block = 0; block < 3; block += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    const until = performance.now() + 100;
    while (performance.now() < until);
  }

  expect(await answer).toEqual({ isReady: true, away: [] });
});
