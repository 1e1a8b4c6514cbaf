import { randomUUID } from 'node:crypto';

import type { DataSource } from 'typeorm';
import { request } from 'undici';

import { bookStock, bookStockMany } from '../../entities/inventory/book-stock';
import { MOST_IMPORT_LINES } from '../../entities/inventory/import-stock';
import { reserveStock } from '../../entities/inventory/reserve-stock';
import { newId } from '../../entities/values/uuid';
import { withTransaction } from '../../platform/transaction';
import { buildLocation } from '../support/factories/stock-locations';
import { buildStockedVariant } from '../support/factories/stocked-variant';
import { rows } from '../support/sql';
import { closedLoop, latencyOf, Stopwatch, type Latency } from './closed-loop';

const UNITS = 1_000_000;
const CLIENTS = 16;
const MOVEMENTS = 500;
const RESERVATIONS = 3_000;
const IMPORTS = 10;

/** What work on stock costs. */
export interface MeasuredStock {
  /** A transaction of one movement, one after the other. */
  readonly movement: Latency;
  /** Transactions that each reserve a unit of the same variant, by the number of its locations. */
  readonly reservations: readonly { readonly locations: number; readonly perSecond: number }[];
  /** A table of 2,000 lines, from the request to the answer. Every line changes a level. */
  readonly imports: Latency;
}

/** What to measure. */
export interface StockOptions {
  readonly apiUrl: string;
  /** Of somebody of the staff. */
  readonly accessToken: () => string;
  /** Of at least 16 connections. */
  readonly database: DataSource;
}

/** Nothing of it can be bought: goods lie at locations that do not sell, or belong to a draft. */
export async function measureStock(options: StockOptions): Promise<MeasuredStock> {
  const { database } = options;
  const movement = await measureMovements(database);
  const reservations = [];
  for (const locations of [1, 3]) {
    const { perSecond } = await measureReservations(database, locations);
    reservations.push({ locations, perSecond });
  }
  return { movement, reservations, imports: await measureImports(options) };
}

async function measureMovements(database: DataSource): Promise<Latency> {
  const { id: variantId } = await buildStockedVariant(database, { stock: 0 });
  const locationId = await buildLocation(database, { sells: false });
  const watch = new Stopwatch();
  await closedLoop(1, MOVEMENTS, () =>
    watch.time(async () => {
      await withTransaction(database, (transaction) =>
        bookStock(transaction, { variantId, locationId, delta: 1, reason: 'received', ref: randomUUID() }),
      );
    }),
  );
  return latencyOf(watch.times);
}

async function measureReservations(database: DataSource, count: number) {
  const { id: variantId } = await buildStockedVariant(database, { stock: 0 });
  const locations: string[] = [];
  for (let made = 0; made < count; made++) locations.push(await buildLocation(database, { sells: false }));
  await withTransaction(database, (transaction) =>
    bookStockMany(
      transaction,
      locations.map((locationId) => ({
        ...{ variantId, locationId, delta: UNITS, reason: 'received' as const, ref: randomUUID() },
      })),
    ),
  );
  const result = await closedLoop(CLIENTS, RESERVATIONS, async () => {
    await withTransaction(database, (transaction) =>
      reserveStock(transaction, locations, [{ variantId, quantity: 1 }]),
    );
  });
  // No order holds these units.
  await rows(database.manager, 'UPDATE stock_levels SET reserved = 0 WHERE variant_id = $1', [variantId]);
  return result;
}

async function measureImports({ apiUrl, accessToken, database }: StockOptions): Promise<Latency> {
  const { productId } = await buildStockedVariant(database, { stock: 0, productStatus: 'draft' });
  const skus = await rows<{ sku: string }>(
    database.manager,
    `INSERT INTO variants (id, product_id, sku, title, price, position)
     SELECT uuidv7(), $1, 'BENCH-' || $2 || '-' || n, 'اندازه ' || n, 100000, n FROM generate_series(1, $3::integer) AS n
     RETURNING sku`,
    [productId, newId(), MOST_IMPORT_LINES],
  );
  const locationId = await buildLocation(database, { priority: 1_000 });
  const [location] = await rows<{ code: string }>(
    database.manager,
    'SELECT code FROM stock_locations WHERE id = $1',
    [locationId],
  );
  const watch = new Stopwatch();
  await closedLoop(1, IMPORTS, (index) => {
    const lines = skus.map(({ sku }) => `${sku},${location!.code},${100 + index}`);
    const body = `sku,location,quantity\n${lines.join('\n')}\n`;
    return watch.time(async () => {
      const answer = await request(`${apiUrl}/api/v1/stock/imports?mode=add`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${accessToken()}`,
          'content-type': 'text/csv',
          'idempotency-key': randomUUID(),
        },
        body,
      });
      const text = await answer.body.text();
      if (answer.statusCode !== 200) throw new Error(`${answer.statusCode}: ${text}`);
    });
  });
  return latencyOf(watch.times);
}
