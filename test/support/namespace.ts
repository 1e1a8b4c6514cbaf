import { randomBytes } from 'node:crypto';

import { Connection } from '@temporalio/client';
import { inject } from 'vitest';

import { ensureNamespace } from '../../temporal/namespace';
import { ensureSearchAttributes } from '../../temporal/search-attributes';

/**
 * A namespace that belongs to one test file, with the shop's search attributes and usable at once: workflows and
 * workers of other files, or ones that an earlier file left behind, cannot meet those in it.
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
