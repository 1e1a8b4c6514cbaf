import { condition, continueAsNew, proxyActivities, setHandler, workflowInfo } from '@temporalio/workflow';

import { look, type TicketSlaInput } from './ticket-sla.contract';
import type { TicketSlaSteps } from './ticket-sla.steps';

const { judgeTicket } = proxyActivities<TicketSlaSteps>({
  startToCloseTimeout: '15 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/** The clocks of the worker and of Temporal may differ. */
const LEAST_WAIT_MS = 1_000;

/**
 * Sleeps until a clock of a ticket warns, is breached or escalated, and has that marked. The rows say when: the workflow calculates
 * no business time, because workers may have different zone data. It ends when no clock runs and nothing is to be closed; the next
 * change of the ticket starts it again.
 */
export async function ticketSla({ ticketId }: TicketSlaInput): Promise<void> {
  let hasChanged = false;
  setHandler(look, () => {
    hasChanged = true;
  });
  for (;;) {
    hasChanged = false;
    const { lookAgainInMs } = await judgeTicket({ ticketId });
    if (!hasChanged) {
      if (lookAgainInMs === null) return;
      await condition(() => hasChanged, Math.max(lookAgainInMs, LEAST_WAIT_MS), {
        summary: 'until a clock of the ticket is due',
      });
    }
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof ticketSla>({ ticketId });
  }
}
