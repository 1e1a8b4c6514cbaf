import { defineSearchAttributeKey } from '@temporalio/common';

import { NEEDS_ATTENTION } from './shared/attention.contract';

/**
 * The attributes by which operators find workflows. Their values are not encrypted, so they hold nothing personal. Set-up
 * registers every key before the first worker starts: an unknown key would fail a workflow's task for ever.
 */
export const SEARCH_ATTRIBUTES = {
  orderNumber: defineSearchAttributeKey('OrderNumber', 'INT'),
  orderStatus: defineSearchAttributeKey('OrderStatus', 'KEYWORD'),
  customerId: defineSearchAttributeKey('CustomerId', 'KEYWORD'),
  gateway: defineSearchAttributeKey('Gateway', 'KEYWORD'),
  paymentAuthority: defineSearchAttributeKey('PaymentAuthority', 'KEYWORD'),
  skus: defineSearchAttributeKey('Sku', 'KEYWORD_LIST'),
  amountRial: defineSearchAttributeKey('AmountRial', 'INT'),
  paymentDeadline: defineSearchAttributeKey('PaymentDeadline', 'DATETIME'),
  needsAttention: NEEDS_ATTENTION,
} as const;
