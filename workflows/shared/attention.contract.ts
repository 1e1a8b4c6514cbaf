import { defineSearchAttributeKey } from '@temporalio/common';

/** True while a workflow waits for something that only a person can solve. */
export const NEEDS_ATTENTION = defineSearchAttributeKey('NeedsAttention', 'BOOL');
