import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join } from 'node:path';

import type { ProductListView } from '../../api/catalog/catalog.view';
import { closedLoop, Stopwatch } from './closed-loop';
import { cpuSeconds } from './cpu';
import { joinRounds, type Finding, type Joined, type Round } from './report';

const READS = 3_000;
const READERS = 16;
const MOST_PAGES = 2_000;

/** Reads of one kind, and what one costs. */
export interface MeasuredWay extends Joined {
  /** CPU of the process that answers, in microseconds a read. Zero where it cannot be measured. */
  readonly cpuMicros: number;
}

/** The reads of one address of the catalogue from its cache, beside those of a bare Koa app that sends the same. */
export interface Reads {
  readonly what: string;
  readonly bytes: number;
  readonly readers: number;
  /** As a text. */
  readonly bare: MeasuredWay;
  /** As bytes. */
  readonly buffer: MeasuredWay;
  readonly shop: MeasuredWay;
  /** By callers who have the answer already. */
  readonly notModified: MeasuredWay;
  /** Without the cache, where it can be avoided. */
  readonly uncached: MeasuredWay | undefined;
}

/** How answers are loaded that the cache would have: from as many other addresses, after what was kept has ended. */
interface Uncached {
  readonly urls: () => string;
  readonly count: number;
  readonly before: () => Promise<void>;
}

/**
 * Reads a page of the catalogue and a product, each in turn with a bare Koa app that sends the same bytes.
 *
 * @param endAnswers ends what the API keeps; without it no loads of products are measured
 */
export async function measureReads(
  apiUrl: string,
  rounds: number,
  endAnswers?: () => Promise<void>,
): Promise<Reads[]> {
  const list = `${apiUrl}/api/v1/products?limit=20`;
  const first = (await (await fetch(list)).json()) as { items: { slug: string }[] };
  const detail = `${apiUrl}/api/v1/products/${first.items[0]!.slug}`;
  let asked = 0;
  // Each is another list with the same products, so none is in the cache.
  const anotherList = () => `${list}&minPrice=${(asked += 1)}`;
  const lists = { urls: anotherList, count: READS, before: () => Promise.resolve() };
  const pages = endAnswers && (await loadedPages(apiUrl, endAnswers));
  return [
    await compare('catalogue list', list, rounds, lists),
    await compare('catalogue detail', detail, rounds, pages),
  ];
}

/** The pages of many products, each asked for once between two ends. */
async function loadedPages(apiUrl: string, before: () => Promise<void>): Promise<Uncached> {
  const slugs: string[] = [];
  for (let cursor = ''; slugs.length < MOST_PAGES;) {
    const answer = await fetch(`${apiUrl}/api/v1/products?limit=100${cursor}`);
    const { items, nextCursor } = (await answer.json()) as ProductListView;
    slugs.push(...items.map(({ slug }) => slug));
    if (nextCursor === null) break;
    cursor = `&cursor=${encodeURIComponent(nextCursor)}`;
  }
  let next = 0;
  const urls = () => `${apiUrl}/api/v1/products/${slugs[next++ % slugs.length]!}`;
  return { urls, count: slugs.length, before };
}

async function compare(what: string, url: string, rounds: number, uncached?: Uncached): Promise<Reads> {
  const answer = await fetch(url);
  const body = await answer.text();
  const headers = { 'If-None-Match': answer.headers.get('etag')! };
  const { child, url: bareUrl } = await startBareKoa(body);
  const ways = {
    bare: (count: number) => readMany(() => bareUrl, count),
    buffer: (count: number) => readMany(() => `${bareUrl}/buffer`, count),
    shop: (count: number) => readMany(() => url, count),
    notModified: (count: number) => readMany(() => url, count, headers),
    uncached: (count: number) => readMany(uncached?.urls ?? (() => url), count),
  };
  const names = (Object.keys(ways) as (keyof typeof ways)[]).filter(
    (name) => uncached || name !== 'uncached',
  );
  const found = new Map<string, Round[]>(names.map((name) => [name, []]));
  const spent = new Map<string, number>(names.map((name) => [name, 0]));
  const countOf = (name: keyof typeof ways) => (name === 'uncached' ? uncached!.count : READS);
  // V8 compiles what is hot during the first thousands, and the API has more of it than a bare app.
  for (const name of names) await ways[name](name === 'uncached' ? READS / 10 : READS);
  for (let round = 0; round < rounds; round++)
    for (const name of names) {
      const part = name === 'bare' || name === 'buffer' ? 'bare koa' : 'api';
      if (name === 'uncached') await uncached!.before();
      const before = cpuSeconds().get(part) ?? 0;
      found.get(name)!.push(await ways[name](countOf(name)));
      spent.set(name, spent.get(name)! + (cpuSeconds().get(part) ?? 0) - before);
    }
  child.disconnect();
  const measured = (name: keyof typeof ways): MeasuredWay => ({
    ...joinRounds(found.get(name)!),
    cpuMicros: (spent.get(name)! * 1e6) / (countOf(name) * rounds),
  });
  return {
    what,
    bytes: Buffer.byteLength(body),
    readers: READERS,
    bare: measured('bare'),
    buffer: measured('buffer'),
    shop: measured('shop'),
    notModified: measured('notModified'),
    uncached: uncached && measured('uncached'),
  };
}

/** The aim is about CPU, which other work on the machine changes less than rates. */
export function findingsOfReads(reads: readonly Reads[]): Finding[] {
  const shown = ({ perSecond, cpuMicros }: MeasuredWay) =>
    `${cpuMicros.toFixed(0)} µs, ${perSecond.toFixed(0)}/s`;
  return reads.flatMap(({ what, bytes, readers, bare, buffer, shop, notModified, uncached }) => {
    const share = bare.cpuMicros / shop.cpuMicros;
    return [
      {
        what: `${what} from the cache, ${bytes} bytes, ${readers} clients (CPU of the process, rate)`,
        value: `${shown(shop)} (${(share * 100).toFixed(0)} % of bare)`,
        ...{ aim: '≥ 70 % of bare', isMet: share >= 0.7 },
      },
      { what: `${what}, bare Koa with a text`, value: shown(bare) },
      { what: `${what}, bare Koa with bytes`, value: shown(buffer) },
      { what: `${what}, 304`, value: shown(notModified) },
      ...(uncached ? [{ what: `${what}, each loaded`, value: shown(uncached) }] : []),
    ];
  });
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

/** Reads addresses over kept-alive connections. */
async function readMany(
  urlOf: () => string,
  count: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<Round> {
  const agent = new Agent({ keepAlive: true, maxSockets: READERS });
  const stopwatch = new Stopwatch();
  const loop = await closedLoop(READERS, count, () =>
    stopwatch.time(() => readOnce(urlOf(), agent, headers)),
  );
  agent.destroy();
  return { ...loop, place: stopwatch.times, settle: [] };
}

function readOnce(url: string, agent: Agent, headers: Readonly<Record<string, string>>): Promise<void> {
  const expected = 'If-None-Match' in headers ? 304 : 200;
  return new Promise((resolve, reject) => {
    request(url, { agent, headers }, (response) => {
      response.resume();
      response.on('end', () =>
        response.statusCode === expected ? resolve() : reject(new Error(`${url}: ${response.statusCode}`)),
      );
    })
      .on('error', reject)
      .end();
  });
}
