import { defineSearchAttributeKey } from '@temporalio/common';

/**
 * What operators filter workflows by. Values are not encrypted, so nothing personal goes in. Every key is registered
 * before the first worker starts: an unknown one would fail a workflow's task for ever.
 */
export const SEARCH_ATTRIBUTES = {
  orderStatus: defineSearchAttributeKey('OrderStatus', 'KEYWORD'),
  customerId: defineSearchAttributeKey('CustomerId', 'KEYWORD'),
  gateway: defineSearchAttributeKey('Gateway', 'KEYWORD'),
  paymentAuthority: defineSearchAttributeKey('PaymentAuthority', 'KEYWORD'),
  skus: defineSearchAttributeKey('Sku', 'KEYWORD_LIST'),
  amountRial: defineSearchAttributeKey('AmountRial', 'INT'),
  paymentDeadline: defineSearchAttributeKey('PaymentDeadline', 'DATETIME'),
  needsAttention: defineSearchAttributeKey('NeedsAttention', 'BOOL'),
} as const;
