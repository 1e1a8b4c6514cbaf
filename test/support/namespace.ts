import { randomBytes } from 'node:crypto';

import { Connection } from '@temporalio/client';
import { inject } from 'vitest';

const DAY_SECONDS = 86_400;

/** The search attributes of every story, with the numbers that Temporal's protocol has for their types. */
const [KEYWORD, INT, BOOL, DATETIME, KEYWORD_LIST] = [2, 3, 5, 6, 7];
const SEARCH_ATTRIBUTES = {
  OrderStatus: KEYWORD,
  CustomerId: KEYWORD,
  Gateway: KEYWORD,
  PaymentAuthority: KEYWORD,
  Sku: KEYWORD_LIST,
  AmountRial: INT,
  PaymentDeadline: DATETIME,
  NeedsAttention: BOOL,
};

/**
 * A namespace that belongs to one test file, ready to use: stories and workers of other files, or ones that an
 * earlier file left behind, cannot meet those in it.
 */
export async function createTestNamespace(): Promise<string> {
  const namespace = `test-${randomBytes(6).toString('hex')}`;
  const connection = await Connection.connect({ address: inject('stack').temporalAddress });
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: DAY_SECONDS as never },
    });
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: SEARCH_ATTRIBUTES });
  } finally {
    await connection.close();
  }
  return namespace;
}
