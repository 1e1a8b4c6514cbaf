import { expect, test } from 'vitest';

import { invalidationBy } from '../../../api/answers/invalidation-by';
import { PRODUCTS_TAG } from '../../../entities/cache/answer-tags';
import { CATEGORY } from '../../../entities/catalog/catalog.events';
import { STOCK_LEVEL, STOCK_LOCATION } from '../../../entities/inventory/inventory.events';
import { newId } from '../../../entities/values/uuid';

const eventOf = (aggregateType: string) => ({
  ...{ aggregateType, aggregateId: newId(), type: `${aggregateType}.changed`, payload: {}, xid: 1 },
});

test('a location that is switched ends lists and all pages of products, whose stock may be at that location', () => {
  expect(invalidationBy(eventOf(STOCK_LOCATION.type))).toEqual({
    tags: [PRODUCTS_TAG],
    pattern: 'product *',
  });
});

test('an event that no public answer shows ends nothing', () => {
  expect(invalidationBy(eventOf(STOCK_LEVEL.type))).toBeUndefined();
  expect(invalidationBy(eventOf(CATEGORY.type))).not.toBeUndefined();
});
