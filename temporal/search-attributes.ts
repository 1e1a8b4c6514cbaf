import type { Connection } from '@temporalio/client';
import { SearchAttributeType } from '@temporalio/common';

import { SEARCH_ATTRIBUTES } from '../workflows/search-attributes.contract';

/** The types as the protocol numbers them (temporal.api.enums.v1.IndexedValueType). */
const INDEXED_VALUE_TYPES: Record<SearchAttributeType, number> = {
  [SearchAttributeType.TEXT]: 1,
  [SearchAttributeType.KEYWORD]: 2,
  [SearchAttributeType.INT]: 3,
  [SearchAttributeType.DOUBLE]: 4,
  [SearchAttributeType.BOOL]: 5,
  [SearchAttributeType.DATETIME]: 6,
  [SearchAttributeType.KEYWORD_LIST]: 7,
};

/** The names that the namespace lacks or has with another type. A workflow that sets one of them would be stuck. */
export async function missingSearchAttributes(connection: Connection, namespace: string): Promise<string[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return Object.values(SEARCH_ATTRIBUTES)
    .filter(({ name, type }) => customAttributes?.[name] !== INDEXED_VALUE_TYPES[type])
    .map(({ name }) => name);
}

/**
 * Registers the attributes that the namespace lacks. Rejects when one exists with another type. The service reports no
 * error for that, and only an operator can change the type.
 */
export async function ensureSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const missing = new Set(await missingSearchAttributes(connection, namespace));
  if (missing.size === 0) return;
  const searchAttributes = Object.fromEntries(
    Object.values(SEARCH_ATTRIBUTES)
      .filter(({ name }) => missing.has(name))
      .map(({ name, type }) => [name, INDEXED_VALUE_TYPES[type]]),
  );
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  const unchanged = await missingSearchAttributes(connection, namespace);
  if (unchanged.length > 0) {
    throw new Error(`search attributes are not there with the right type: ${unchanged.join(', ')}`);
  }
}
