import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join } from 'node:path';

import { closedLoop, Stopwatch } from './closed-loop';
import type { Reads } from './findings';
import { joinRounds, type Round } from './report';

const READS = 3_000;
const READERS = 16;

/** Reads a page of the catalogue and a product, each in turn with a bare Koa app that sends the same bytes. */
export async function measureReads(apiUrl: string, rounds: number): Promise<Reads[]> {
  const list = `${apiUrl}/api/v1/products?limit=20`;
  const first = (await (await fetch(list)).json()) as { items: { slug: string }[] };
  const detail = `${apiUrl}/api/v1/products/${first.items[0]!.slug}`;
  return [await compare('catalogue list', list, rounds), await compare('catalogue detail', detail, rounds)];
}

async function compare(what: string, url: string, rounds: number): Promise<Reads> {
  const body = await (await fetch(url)).text();
  const { child, url: bareUrl } = await startBareKoa(body);
  const bare: Round[] = [];
  const shop: Round[] = [];
  for (const address of [url, bareUrl]) await readMany(address, READERS, READS / 10);
  for (let round = 0; round < rounds; round++) {
    bare.push(await readMany(bareUrl, READERS, READS));
    shop.push(await readMany(url, READERS, READS));
  }
  child.disconnect();
  return {
    what,
    bytes: Buffer.byteLength(body),
    readers: READERS,
    bare: joinRounds(bare),
    shop: joinRounds(shop),
  };
}

/** Starts the bare Koa app in a process of its own, as the shop's API has one. It ends with this process. */
async function startBareKoa(body: string): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(join(__dirname, 'bare-koa.js'));
  child.send(body);
  const failed = once(child, 'exit').then(() => {
    throw new Error('the bare Koa app did not start');
  });
  const [url] = (await Promise.race([once(child, 'message'), failed])) as [string];
  failed.catch(() => {});
  return { child, url };
}

/** Reads one address over kept-alive connections. */
async function readMany(url: string, clients: number, count: number): Promise<Round> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const stopwatch = new Stopwatch();
  const loop = await closedLoop(clients, count, () => stopwatch.time(() => readOnce(url, agent)));
  agent.destroy();
  return { ...loop, place: stopwatch.times, settle: [] };
}

function readOnce(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    request(url, { agent }, (response) => {
      response.resume();
      response.on('end', () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`${url}: ${response.statusCode}`)),
      );
    })
      .on('error', reject)
      .end();
  });
}
