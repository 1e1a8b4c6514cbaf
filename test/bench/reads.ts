import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import type { DataSource } from 'typeorm';

import { ANSWER_CACHE_ID } from '../../entities/cache/answer-cache';
import { ANSWER_CACHE } from '../../entities/cache/cache.events';
import { MIGRATIONS, SHOP_ENTITIES } from '../../entities/data-source';
import { recordEvents } from '../../entities/events/record-events';
import { DatabaseConfig } from '../../platform/config/database';
import { environmentWith } from '../../platform/config/environment';
import { openPostgres } from '../../platform/postgres';
import { withTransaction } from '../../platform/transaction';
import { httpAnswers } from '../../sandbox/stack/probes';
import { shopSettings, type ShopSettings } from '../../sandbox/stack/shop-settings';
import { startShop } from '../../sandbox/stack/start-shop';
import { startStack, type Stack } from '../../sandbox/stack/start-stack';
import { fillCatalogue } from '../support/factories/large-catalogue';
import { findingsOfReads, measureReads } from './catalogue-reads';
import { measureFreshness } from './freshness';
import { milliseconds, report, type Finding } from './report';

/** Filling takes long on a busy machine. */
const LIMIT_MS = 900_000;
const UNTIL_READ_MS = 2_000;

/** Measures reads of the catalogue from two APIs, at each of these numbers of products: `--products 500,5000,50000 --rounds 6`. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { products: { type: 'string', default: '500' }, rounds: { type: 'string', default: '6' } },
  });
  const findings: Finding[] = [];
  const raw: unknown[] = [];
  for (const products of values.products.split(',').map(Number)) {
    const measured = await measureAt(products, Number(values.rounds));
    raw.push({ products, ...measured });
    const found: Finding[] = [
      ...findingsOfReads(measured.reads),
      {
        what: 'commit → new bytes in list and detail of two APIs (p50/p95/p99)',
        value: milliseconds(measured.freshness),
        ...{ aim: 'p99 < 250 ms', isMet: measured.freshness.p99 < 250 },
      },
    ];
    findings.push(...found.map((it) => ({ ...it, what: `${products} products: ${it.what}` })));
  }
  report(findings, raw);
}

async function measureAt(products: number, rounds: number) {
  const root = join(process.cwd(), '.asoud');
  const stack = await startStack({
    ...{ directory: join(root, 'bench'), cache: join(root, 'cache'), reset: true, report: say },
  });
  try {
    const settings = await readsSettings(stack);
    await startShop(stack, settings, say);
    const other = await startAnother(stack, settings);
    const config = Object.assign(new DatabaseConfig(), {
      ...{ databaseUrl: stack.databaseOwnerUrl, databasePoolSize: 2 },
      ...{ databaseStatementTimeoutMs: LIMIT_MS, databaseLockTimeoutMs: LIMIT_MS },
    });
    const database = await openPostgres(
      config,
      { entities: SHOP_ENTITIES, migrations: MIGRATIONS },
      'asoud-bench',
    );
    try {
      say(`filling ${products} products`);
      await fillCatalogue(database, products);
      const place = { database, url: stack.databaseOwnerUrl };
      const reads = await measureReads(settings.apiUrl, rounds, () => endAnswers(database));
      return { reads, freshness: await measureFreshness(place, [settings.apiUrl, other]) };
    } finally {
      await database.destroy();
    }
  } finally {
    await stack.stop();
  }
}

/** Ends all answers of products, by an event as staff do. The API reads the journal a few times a second also where nobody wakes it. */
async function endAnswers(database: DataSource): Promise<void> {
  await withTransaction(database, (transaction) =>
    recordEvents(transaction, ANSWER_CACHE, ANSWER_CACHE_ID, {
      type: 'answer_cache.invalidated',
      payload: { tags: [], pattern: 'product*' },
    }),
  );
  await delay(UNTIL_READ_MS);
}

/** Of the API alone, without a limit. */
async function readsSettings(stack: Stack): Promise<ShopSettings> {
  const { processes, variables, ...settings } = await shopSettings(stack);
  return {
    ...settings,
    processes: processes.filter(({ name }) => name === 'api'),
    variables: { ...variables, CATALOG_REQUESTS_PER_MINUTE: '100000000', LOG_LEVEL: 'warn' },
  };
}

/** A second API of the shop. Returns its address. */
async function startAnother(stack: Stack, { variables }: ShopSettings): Promise<string> {
  const port = await stack.ports.choose('otherApi', 3100);
  const url = `http://127.0.0.1:${port}`;
  await stack.run({
    name: 'other-api',
    command: process.execPath,
    arguments: [join(__dirname, '../../api/main.js')],
    environment: environmentWith({ ...variables, API_PORT: String(port), METRICS_PORT: '0' }),
    directory: stack.directory,
    logFile: stack.logFile('other-api'),
    stopSignal: 'SIGTERM',
    stopLimitMs: 10_000,
    rank: 2,
    isReady: () => httpAnswers(`${url}/health/ready`),
    readyLimitMs: 60_000,
    restart: false,
  });
  return url;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

void main();
