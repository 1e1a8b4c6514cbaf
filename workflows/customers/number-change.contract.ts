import { defineSignal } from '@temporalio/workflow';

/** The queue of what customers wait for: few workflows that sleep for days. */
export const CUSTOMER_QUEUE = 'customers';
export const NUMBER_CHANGE_WORKFLOW = 'numberChange';

/** The id of the workflow of an approved change. */
export const numberChangeWorkflowId = (changeId: string): string => `number-change:${changeId}`;

/** Nothing personal: the row has the numbers. */
export interface NumberChangeInput {
  readonly changeId: string;
}

/** The change was cancelled. The workflow reads the row and ends. */
export const cancelled = defineSignal('cancelled');
