import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { anyFreePort, isFree, rememberedPorts, throwAwayPorts } from '../../../sandbox/stack/ports';

let folder: string;
let file: string;
let occupants: Server[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'asoud-ports-'));
  file = join(folder, 'ports.json');
  occupants = [];
});

afterEach(async () => {
  await Promise.all(occupants.map((it) => new Promise((resolve) => it.close(resolve))));
  rmSync(folder, { recursive: true, force: true });
});

async function occupy(port: number, host: string): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  occupants.push(server);
  return server;
}

test.each(['127.0.0.1', '0.0.0.0'])('a port with a listener at %s is not free', async (host) => {
  const port = await anyFreePort();
  expect(await isFree(port)).toBe(true);
  await occupy(port, host);
  expect(await isFree(port)).toBe(false);
});

test('the preferred port is used if it is free, else the next one, and the choice is remembered', async () => {
  const preferred = await anyFreePort();
  expect(await rememberedPorts(file).choose('api', preferred)).toBe(preferred);

  const occupant = await occupy(preferred, '127.0.0.1');
  const next = await rememberedPorts(file).choose('api', preferred);
  expect(next).toBeGreaterThan(preferred);
  await new Promise((resolve) => occupant.close(resolve));
  expect(await rememberedPorts(file).choose('api', preferred)).toBe(next);
});

test('another preferred port replaces the remembered one', async () => {
  const [first, second] = [await anyFreePort(), await anyFreePort()];
  await rememberedPorts(file).choose('api', first);
  expect(await rememberedPorts(file).choose('api', second)).toBe(second);
});

test('two names get two ports even at once, and the same name gets its port again', async () => {
  const ports = rememberedPorts(file);
  const preferred = await anyFreePort();
  const [api, worker] = await Promise.all([
    ports.choose('api', preferred),
    ports.choose('worker', preferred),
  ]);
  expect(api).not.toBe(worker);
  expect(await ports.choose('api', preferred)).toBe(api);
});

test.each([
  ['remembered', () => rememberedPorts(file)],
  ['throw-away', throwAwayPorts],
])('no two of many names get the same free port, where ports are %s', async (_how, open) => {
  // By chance alone, some pair of so many would share one of the 12,000 ports in nearly every run.
  const names = Array.from({ length: 600 }, (_unused, index) => `name ${index}`);
  const { choose } = open();

  const ports: number[] = [];
  for (const name of names) ports.push(await choose(name, 0));

  expect(new Set(ports).size).toBe(names.length);
});
