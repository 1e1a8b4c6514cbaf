import { randomBytes } from 'node:crypto';

import { Connection } from '@temporalio/client';
import { inject } from 'vitest';

import { ensureNamespace } from '../../temporal/namespace';
import { ensureSearchAttributes } from '../../temporal/search-attributes';

/**
 * A namespace of one test file, with the shop's search attributes and usable at once. Workflows and workers of other files
 * cannot meet those in it.
 */
export async function createTestNamespace(): Promise<string> {
  const namespace = `test-${randomBytes(6).toString('hex')}`;
  const connection = await Connection.connect({ address: inject('stack').temporalAddress });
  try {
    await ensureNamespace(connection, namespace, 1);
    await ensureSearchAttributes(connection, namespace);
  } finally {
    await connection.close();
  }
  return namespace;
}
