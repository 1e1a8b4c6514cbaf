import { randomBytes } from 'node:crypto';

import { Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import { ensureNamespace } from '../../temporal/namespace';
import { ensureSearchAttributes, missingSearchAttributes } from '../../temporal/search-attributes';
import { SEARCH_ATTRIBUTES } from '../../workflows/search-attributes.contract';

let connection: Connection;

beforeAll(async () => {
  connection = await Connection.connect({ address: inject('stack').temporalAddress });
});
afterAll(() => connection?.close());

async function buildNamespace(): Promise<string> {
  const namespace = `test-${randomBytes(6).toString('hex')}`;
  await ensureNamespace(connection, namespace, 1);
  return namespace;
}

const KEYWORD = 2;
const INT = 3;

test('a namespace that exists is left as it is', async () => {
  const namespace = await buildNamespace();

  await ensureNamespace(connection, namespace, 3);

  const { config } = await connection.workflowService.describeNamespace({ namespace });
  expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(86_400);
});

test('every attribute that workflows set is registered, and registering again changes nothing', async () => {
  const namespace = await buildNamespace();
  const missingAtFirst = await missingSearchAttributes(connection, namespace);

  await ensureSearchAttributes(connection, namespace);
  await ensureSearchAttributes(connection, namespace);

  expect(missingAtFirst.toSorted()).toEqual(
    Object.values(SEARCH_ATTRIBUTES)
      .map(({ name }) => name)
      .toSorted(),
  );
  expect(await missingSearchAttributes(connection, namespace)).toEqual([]);
});

test('existing attributes are kept and missing ones added', async () => {
  const namespace = await buildNamespace();
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: { OrderStatus: KEYWORD },
  });

  await ensureSearchAttributes(connection, namespace);

  expect(await missingSearchAttributes(connection, namespace)).toEqual([]);
});

test('an attribute of another type is reported and left as it is', async () => {
  const namespace = await buildNamespace();
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: { OrderStatus: INT },
  });

  await expect(ensureSearchAttributes(connection, namespace)).rejects.toThrow('OrderStatus');
  expect(await missingSearchAttributes(connection, namespace)).toContain('OrderStatus');
});
