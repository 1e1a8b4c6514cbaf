import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { addHotAddresses, MOST_HOT_ADDRESSES } from '../../entities/cache/hot-addresses';
import { MIGRATIONS, SHOP_ENTITIES } from '../../entities/data-source';
import { DatabaseConfig } from '../../platform/config/database';
import { TemporalConfig } from '../../platform/config/temporal';
import { openPostgres } from '../../platform/postgres';
import { withTransaction } from '../../platform/transaction';
import { shopSettings, type ShopSettings } from '../../sandbox/stack/shop-settings';
import { startShop } from '../../sandbox/stack/start-shop';
import { startStack, type Stack } from '../../sandbox/stack/start-stack';
import { createTemporalClient } from '../../temporal/connection';
import {
  CACHE_WARMING_WORKFLOW,
  warmingRun,
  type WarmingReport,
} from '../../workflows/cache/cache-warming.contract';
import { fillCatalogue } from '../support/factories/large-catalogue';
import { rows } from '../support/sql';
import { report, type Finding } from './report';

/** Filling takes long on a busy machine. */
const LIMIT_MS = 900_000;
const STARTED = `SELECT 1 FROM job_runs WHERE result->>'reason' = 'started'`;

/** Measures how long the cache of a new API takes to be warm, at each of these numbers of products: `--products 500,5000`. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { products: { type: 'string', default: '500,5000' } } });
  const findings: Finding[] = [];
  const raw: unknown[] = [];
  for (const products of values.products.split(',').map(Number)) {
    const [cold, warm] = await measureAt(products);
    raw.push({ products, cold, warm });
    findings.push(
      { what: `${products} products: ${cold.asked} hot answers of a new build`, value: shown(cold) },
      { what: `${products} products: the same once more`, value: shown(warm) },
    );
  }
  report(findings, raw);
}

function shown({ seconds, loaded, hitRatioBefore, hitRatioAfter, pauses, endedBy }: WarmingReport): string {
  return `${seconds} s, ${loaded} loaded, ${pauses} pauses, hit ratio ${hitRatioBefore} → ${hitRatioAfter}, ${endedBy}`;
}

async function measureAt(products: number): Promise<[cold: WarmingReport, warm: WarmingReport]> {
  const root = join(process.cwd(), '.asoud');
  const stack = await startStack({
    ...{ directory: join(root, 'bench'), cache: join(root, 'cache'), reset: true, report: say },
  });
  try {
    const settings = await warmingSettings(stack);
    await startShop(stack, settings, say);
    const config = Object.assign(new DatabaseConfig(), {
      ...{ databaseUrl: stack.databaseOwnerUrl, databasePoolSize: 2 },
      ...{ databaseStatementTimeoutMs: LIMIT_MS, databaseLockTimeoutMs: LIMIT_MS },
    });
    const schema = { entities: SHOP_ENTITIES, migrations: MIGRATIONS };
    const database = await openPostgres(config, schema, 'asoud-bench');
    const temporal = createTemporalClient(
      Object.assign(new TemporalConfig(), {
        temporalAddress: stack.temporalAddress,
        temporalNamespace: settings.temporalNamespace,
      }),
    );
    try {
      // The one that the start of the API asks for has nothing to warm yet.
      while (!(await rows(database.manager, STARTED)).length) await delay(500);
      say(`filling ${products} products`);
      await fillCatalogue(database, products);
      const pages = await rows<{ slug: string }>(
        database.manager,
        `SELECT slug FROM products WHERE status = 'published' ORDER BY slug LIMIT $1`,
        [MOST_HOT_ADDRESSES],
      );
      await withTransaction(database, (transaction) =>
        addHotAddresses(
          transaction,
          pages.map(({ slug }) => ({
            ...{ name: `product lang="fa" slug="${slug}"`, kind: 'product', language: 'fa', asked: 1 },
            address: `/api/v1/products/${slug}`,
          })),
        ),
      );
      const warm = () =>
        temporal.client.workflow.execute<(...args: unknown[]) => Promise<WarmingReport>>(
          CACHE_WARMING_WORKFLOW,
          warmingRun('staff'),
        );
      return [await warm(), await warm()];
    } finally {
      await temporal.close();
      await database.destroy();
    }
  } finally {
    await stack.stop();
  }
}

async function warmingSettings(stack: Stack): Promise<ShopSettings> {
  const settings = await shopSettings(stack);
  const budget = { WARMING_ADDRESSES: String(MOST_HOT_ADDRESSES), WARMING_SECONDS: '240' };
  return {
    ...settings,
    variables: {
      ...settings.variables,
      ...budget,
      WARMING_REQUESTS_PER_MINUTE: '100000000',
      LOG_LEVEL: 'warn',
    },
  };
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

void main();
