import { join } from 'node:path';
import { parseArgs } from 'node:util';

import type { Client } from '@temporalio/client';
import type { DataSource } from 'typeorm';

import { MIGRATIONS, SHOP_ENTITIES } from '../../entities/data-source';
import { checkInvariants } from '../../entities/invariants/check-invariants';
import { signAccessToken } from '../../platform/access-token';
import { DatabaseConfig } from '../../platform/config/database';
import { TemporalConfig } from '../../platform/config/temporal';
import { openPostgres } from '../../platform/postgres';
import { readSigningKeys } from '../../platform/signing-keys';
import { withSnapshot } from '../../platform/snapshot';
import { shopSettings, type ShopSettings } from '../../sandbox/stack/shop-settings';
import { startShop } from '../../sandbox/stack/start-shop';
import { startStack, type Stack } from '../../sandbox/stack/start-stack';
import { createTemporalClient } from '../../temporal/connection';
import { ensureNamespace } from '../../temporal/namespace';
import type { ShelfItem } from '../support/buyer';
import { buildAccount, buildSession } from '../support/factories/accounts';
import { giveRoles } from '../support/factories/factors';
import { runBareWorkflows, startBareWorker } from './bare-workflows';
import { measureReads } from './catalogue-reads';
import { cpuSeconds } from './cpu';
import { findingsOf, type Cpu, type Measured } from './findings';
import { measureMessages } from './messages';
import { measureRecommendations } from './recommendations';
import { measureRelay } from './relay';
import { joinRounds, report, type Joined, type Round } from './report';
import { fillCarts, runPurchases, runShopOrders, stockUp } from './shop-orders';
import { measureSignIns } from './sign-ins';
import { measureStock } from './stock';

const BARE_NAMESPACE = 'bare';
/** V8 compiles hot code during the first hundreds of orders, and a shop has more of it than a bare workflow. */
const WARM_UP = 512;
const WARM_UP_CLIENTS = 16;
const CHECK_LIMIT_MS = 60_000;

/** The caps per address protect a shop; here they would be what is measured. */
const UNLIMITED = Object.fromEntries(
  [
    'CATALOG_REQUESTS_PER_MINUTE',
    'CART_REQUESTS_PER_MINUTE',
    'CHECKOUT_REQUESTS_PER_MINUTE',
    'ORDER_REQUESTS_PER_MINUTE',
    'PAYMENT_CALLBACKS_PER_MINUTE',
    'STAFF_REQUESTS_PER_MINUTE',
    'AUTH_REQUESTS_PER_MINUTE',
    'CUSTOMER_REQUESTS_PER_MINUTE',
    'CODES_PER_ADDRESS_PER_HOUR',
    'CODES_PER_MINUTE',
    'CODES_PER_HOUR',
    'CODES_PER_DAY',
  ].map((name) => [name, '100000000']),
);

/** How much is measured. */
interface Extent {
  readonly orders: number;
  readonly rounds: number;
  readonly clients: readonly number[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      orders: { type: 'string', default: '64' },
      rounds: { type: 'string', default: '6' },
      clients: { type: 'string', default: '1,8,32' },
    },
  });
  const extent: Extent = {
    orders: Number(values.orders),
    rounds: Number(values.rounds),
    clients: values.clients.split(',').map(Number),
  };
  const say = (text: string) => process.stdout.write(`${text}\n`);
  const directory = join(process.cwd(), '.asoud', 'bench');
  const stack = await startStack({
    directory,
    cache: join(process.cwd(), '.asoud', 'cache'),
    reset: true,
    report: say,
  });
  try {
    const settings = benchSettings(await shopSettings(stack));
    await startShop(stack, settings, say);
    await measure(stack, settings, extent, say);
  } finally {
    await stack.stop();
  }
}

function benchSettings(settings: ShopSettings): ShopSettings {
  return {
    ...settings,
    variables: { ...settings.variables, ...UNLIMITED, TRUSTED_PROXIES: '1', LOG_LEVEL: 'warn' },
  };
}

async function measure(
  stack: Stack,
  settings: ShopSettings,
  extent: Extent,
  say: (text: string) => void,
): Promise<void> {
  const { orders, rounds, clients: clientCounts } = extent;
  const { apiUrl, temporalNamespace } = settings;
  const temporal = (namespace: string) =>
    createTemporalClient(
      Object.assign(new TemporalConfig(), {
        temporalAddress: stack.temporalAddress,
        temporalNamespace: namespace,
      }),
    );
  const [bare, shop] = [temporal(BARE_NAMESPACE), temporal(temporalNamespace)];
  await ensureNamespace(bare.connection, BARE_NAMESPACE, 1);
  const bareWorker = await startBareWorker(stack.temporalAddress, BARE_NAMESPACE);
  const database = await openPostgres(
    Object.assign(new DatabaseConfig(), { databaseUrl: stack.databaseOwnerUrl, databasePoolSize: 2 }),
    { entities: SHOP_ENTITIES, migrations: MIGRATIONS },
    'asoud-bench',
  );
  const items = await stockUp(database);

  say('warming up');
  await runBareWorkflows(bare.client, WARM_UP_CLIENTS, WARM_UP);
  await runShopOrders(settings, await fillCarts(apiUrl, items, WARM_UP), WARM_UP_CLIENTS);

  const measured: Measured[] = [];
  let lastOrder = '';
  for (const clients of clientCounts) {
    const count = Math.max(orders, clients * 8);
    const carts = await fillCarts(apiUrl, items, count * rounds);
    const bareRounds: Round[] = [];
    const shopRounds: Round[] = [];
    const [bareCpu, shopCpu]: [Cpu, Cpu] = [new Map(), new Map()];
    let statements = 0;
    for (let round = 1; round <= rounds; round++) {
      bareRounds.push(await spending(bareCpu, () => runBareWorkflows(bare.client, clients, count)));
      const statementsBefore = await statementsSoFar(settings);
      const { round: done, orderIds } = await spending(shopCpu, () =>
        runShopOrders(settings, carts.splice(0, count), clients),
      );
      shopRounds.push(done);
      lastOrder = orderIds.at(-1) ?? lastOrder;
      statements += (await statementsSoFar(settings)) - statementsBefore;
      say(
        `${clients} clients, round ${round}: bare ${bareRounds.at(-1)!.perSecond.toFixed(1)}/s, shop ${done.perSecond.toFixed(1)}/s`,
      );
    }
    const total = count * rounds;
    measured.push({
      clients,
      bare: joinRounds(bareRounds),
      shop: joinRounds(shopRounds),
      cpuPerWorkflow: each(bareCpu, total),
      cpuPerOrder: each(shopCpu, total),
      statementsPerOrder: statements / total,
    });
  }

  const purchases = await measurePurchases(settings, items, extent);
  const reads = await measureReads(apiUrl, rounds);
  const mostClients = Math.max(...clientCounts);
  const messages = await measureMessages({
    apiUrl,
    accessToken: await staffTokens(settings, database),
    database,
    client: bare.client,
    clients: mostClients,
    count: Math.max(orders, mostClients * 8),
    rounds,
  });
  const signIns = await measureSignIns({
    apiUrl,
    codePeppers: [settings.variables['CODE_PEPPERS']!],
    database,
    client: bare.client,
    clients: mostClients,
    count: Math.max(orders, mostClients * 8),
  });
  const relay = await measureRelay({ database, url: stack.databaseOwnerUrl, temporal: bare.client });
  const recommendations = await measureRecommendations(stack.databaseOwnerUrl);
  const wide = await openPostgres(
    Object.assign(new DatabaseConfig(), { databaseUrl: stack.databaseOwnerUrl, databasePoolSize: 16 }),
    { entities: SHOP_ENTITIES, migrations: MIGRATIONS },
    'asoud-bench-stock',
  );
  const stock = await measureStock({
    apiUrl,
    accessToken: await staffTokens(settings, database),
    database: wide,
  });
  await wide.destroy();
  const transitions = await stateTransitions(shop.client, `checkout:${lastOrder}`);
  const violations = await withSnapshot(database, { statementTimeoutMs: CHECK_LIMIT_MS }, checkInvariants);
  bareWorker.disconnect();
  await Promise.all([bare.close(), shop.close(), database.destroy()]);
  report(
    findingsOf({
      measured,
      purchases,
      reads,
      messages,
      signIns,
      relay,
      recommendations,
      stock,
      transitions,
      violations: violations.length,
    }),
    {
      measured: measured.map((it) => ({
        ...it,
        cpuPerWorkflow: Object.fromEntries(it.cpuPerWorkflow),
        cpuPerOrder: Object.fromEntries(it.cpuPerOrder),
      })),
      purchases,
      reads,
      messages,
      signIns,
      relay,
      recommendations,
      stock,
      transitions,
      violations,
    },
  );
}

/** Signs access tokens of somebody of the staff. */
async function staffTokens({ apiUrl, variables }: ShopSettings, database: DataSource): Promise<() => string> {
  const { id: accountId } = await buildAccount(database);
  await giveRoles(database, accountId, ['staff']);
  const session = await buildSession(database, { accountId, kind: 'staff' });
  const keys = readSigningKeys(variables['SIGNING_KEYS']!);
  return () => signAccessToken(keys, { issuer: apiUrl, lifeSeconds: 600 }, session);
}

/** Whole purchases, with as many clients as the largest number of them. */
async function measurePurchases(
  settings: ShopSettings,
  items: readonly ShelfItem[],
  { orders, rounds, clients: clientCounts }: Extent,
): Promise<Joined & { readonly clients: number }> {
  const clients = Math.max(...clientCounts);
  const done: Round[] = [];
  for (let round = 1; round <= rounds; round++)
    done.push(await runPurchases(settings, items, clients, Math.max(orders, clients * 8)));
  return { ...joinRounds(done), clients };
}

/** Adds to `spent` what the work costs every part of the stack. */
async function spending<Result>(spent: Cpu, work: () => Promise<Result>): Promise<Result> {
  const before = cpuSeconds();
  const result = await work();
  for (const [part, seconds] of cpuSeconds()) {
    spent.set(part, (spent.get(part) ?? 0) + (seconds - (before.get(part) ?? 0)) * 1000);
  }
  return result;
}

function each(spent: Cpu, count: number): Cpu {
  return new Map([...spent].map(([part, ms]) => [part, ms / count]));
}

/** The statements that API and worker have sent so far. */
async function statementsSoFar({ variables }: ShopSettings): Promise<number> {
  const texts = await Promise.all(
    [variables['METRICS_PORT'], variables['WORKER_METRICS_PORT']].map(async (port) =>
      (await fetch(`http://127.0.0.1:${port}/metrics`)).text(),
    ),
  );
  return texts.reduce(
    (sum, text) => sum + Number(/^postgres_statements_total (\d+)/m.exec(text)?.[1] ?? 0),
    0,
  );
}

async function stateTransitions(client: Client, workflowId: string): Promise<number> {
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  return Number(raw.workflowExecutionInfo?.stateTransitionCount ?? 0);
}

void main();
