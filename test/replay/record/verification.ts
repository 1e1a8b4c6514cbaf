import { afterAll, beforeAll, beforeEach, test } from 'vitest';

import { VERIFICATION_LIMITS } from '../../../entities/auth/verification-limits';
import { newId } from '../../../entities/values/uuid';
import { rows } from '../../support/sql';
import { buildCode, codeAt } from '../../workflows/codes';
import { openWorkflowShop, type WorkflowShop } from '../../workflows/workflow-shop';
import { keepHistory } from '../history-files';

// Drives a code through every path and keeps what Temporal wrote down about it.

let shop: WorkflowShop;

beforeAll(async () => {
  shop = await openWorkflowShop();
});
afterAll(() => shop?.close());
beforeEach(() => shop.reset());

async function keep(name: string, { handle }: ReturnType<typeof codeAt>): Promise<void> {
  await handle.result();
  keepHistory(name, await handle.fetchHistory());
}

/** Its owner types it. */
async function use(code: ReturnType<typeof codeAt>): Promise<void> {
  await code.use();
  await code.used();
}

test('a code that is used', async () => {
  const it = await buildCode(shop);
  await it.send();
  await it.message().until('accepted');
  await use(it);
  await keep('used', it);
});

test('a code that expires', async () => {
  const it = await buildCode(shop, { limits: { ...VERIFICATION_LIMITS, lifetimeSeconds: 1 } });
  await it.send();
  await keep('over', it);
});

test('a code that is tried too often, and asked for again', async () => {
  const it = await buildCode(shop);
  await it.send();
  await it.message().until('accepted');
  await rows(shop.database.manager, 'UPDATE verifications SET attempts = 5 WHERE id = $1', [it.id]);
  await it.resend('a');
  await keep('tried-too-often', it);
});

test('a code that is sent again', async () => {
  const it = await buildCode(shop);
  await it.send();
  await it.age(61);
  await it.resend('a');
  await it.message(2).until('accepted');
  await use(it);
  await keep('sent-again', it);
});

test('a code that is asked for again too soon', async () => {
  const it = await buildCode(shop);
  await it.send();
  await it.message().until('accepted');
  await it.resend('a');
  await use(it);
  await keep('asked-again-too-soon', it);
});

test('a code that Postgres does not know', async () => {
  const it = codeAt(shop, newId());
  await it.send();
  await keep('lost', it);
});
