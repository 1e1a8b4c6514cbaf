import { defineSignal } from '@temporalio/workflow';

import { CUSTOMER_QUEUE } from '../customers/number-change.contract';

export const TICKET_SLA_WORKFLOW = 'ticketSla';

/** The id of the workflow that minds the clocks of a ticket. A later run has it again. */
export const ticketSlaWorkflowId = (ticketId: string): string => `ticket-sla:${ticketId}`;

/** Nothing personal: the rows have everything. */
export interface TicketSlaInput {
  readonly ticketId: string;
}

/** The ticket has changed. The workflow reads its rows again. */
export const look = defineSignal('look');

/** The arguments with which a client starts the workflow of a ticket, or joins one that runs. */
export function ticketSlaOf(ticketId: string) {
  return {
    workflowId: ticketSlaWorkflowId(ticketId),
    taskQueue: CUSTOMER_QUEUE,
    args: [{ ticketId } satisfies TicketSlaInput] as [TicketSlaInput],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: 'Minds the clocks of a ticket',
  } as const;
}
