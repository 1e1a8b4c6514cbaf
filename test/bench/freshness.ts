import { setTimeout as delay } from 'node:timers/promises';

import type { DataSource } from 'typeorm';
import { request } from 'undici';

import type { ProductListView, ProductView } from '../../api/catalog/catalog.view';
import { PRODUCT } from '../../entities/catalog/catalog.events';
import { recordEvents } from '../../entities/events/record-events';
import { openJournalWake } from '../../platform/journal-wake';
import { onEventsCommitted, withTransaction } from '../../platform/transaction';
import { configOf, SILENT } from '../support/journal';
import { row } from '../support/sql';
import { latencyOf, Stopwatch, type Latency } from './closed-loop';

const CHANGES = 100;
const LIMIT_MS = 10_000;

/** Changes the price of a product that several APIs keep, and waits until each shows it in its list and on its page. */
export async function measureFreshness(
  { database, url }: { readonly database: DataSource; readonly url: string },
  apiUrls: readonly string[],
): Promise<Latency> {
  const wake = openJournalWake(configOf(url), { applicationName: 'asoud-bench-wake', logger: SILENT });
  onEventsCommitted(database, wake.wake);
  const list = '/api/v1/products?limit=20';
  const { slug } = (await read<ProductListView>(apiUrls[0]! + list)).items[0]!;
  const { productId, variantId } = (await row<{ productId: string; variantId: string }>(
    database.manager,
    `SELECT p.id AS "productId", v.id AS "variantId" FROM products p JOIN variants v ON v.product_id = p.id
     WHERE p.slug = $1 AND v.status = 'active' ORDER BY v.price LIMIT 1`,
    [slug],
  ))!;

  async function shows(apiUrl: string, price: number): Promise<void> {
    const from = [
      async () =>
        (await read<ProductListView>(apiUrl + list)).items.find((it) => it.slug === slug)?.priceFrom.amount,
      async () => (await read<ProductView>(`${apiUrl}/api/v1/products/${slug}`)).priceFrom.amount,
    ];
    const deadline = performance.now() + LIMIT_MS;
    for (const shown of from)
      while ((await shown()) !== price) {
        if (performance.now() > deadline) throw new Error(`${apiUrl} does not show a price after 10 s`);
        await delay(1);
      }
  }

  const watch = new Stopwatch();
  try {
    for (let change = 1; change <= CHANGES; change += 1) {
      const price = 10_000 + change;
      await withTransaction(database, async (transaction) => {
        await transaction.query('DELETE FROM planned_prices WHERE variant_id = $1', [variantId]);
        await transaction.query('UPDATE variants SET price = $2 WHERE id = $1', [variantId, price]);
        const payload = { variantId, price, currency: 'IRR' as const, was: 0 };
        await recordEvents(transaction, PRODUCT, productId, { type: 'price.changed', payload });
      });
      await watch.time(() => Promise.all(apiUrls.map((apiUrl) => shows(apiUrl, price))));
    }
  } finally {
    await wake.close();
  }
  return latencyOf(watch.times);
}

async function read<Body>(url: string): Promise<Body> {
  const answer = await request(url);
  if (answer.statusCode !== 200) throw new Error(`${url}: ${answer.statusCode}`);
  return (await answer.body.json()) as Body;
}
