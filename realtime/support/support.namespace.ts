import { reachOf } from '../../entities/auth/policy';
import { endReadiness } from '../../entities/support/readiness';
import { withTransaction } from '../../platform/transaction';
import { defineNamespace, type SocketContext } from '../registry';
import { DESK_VERBS } from './desk.verbs';
import { OWN_VERBS } from './own.verbs';
import { QUEUE_VERBS } from './queue.verbs';
import { FOLLOW_TICKET_STAFF, FOLLOW_TICKETS } from './support-rooms';
import { TicketTypingView } from './support.view';

/** Under which somebody of the staff is present here, whatever else they have open. */
const presentAs = (accountId: string) => `support:${accountId}`;

/** The caller, if they answer tickets. */
function agentOf({ caller }: SocketContext): string | undefined {
  return caller && reachOf('ticket.work', caller.roles) ? caller.accountId : undefined;
}

/** What customers want of the shop: the operations of `entities/support`, as the API calls them. */
export const SUPPORT = defineNamespace({
  name: '/support',
  summary: 'Tickets of customers, and the queue of those who answer them',
  who: 'signed-in',
  verbs: { ...OWN_VERBS, ...DESK_VERBS, ...QUEUE_VERBS },
  follows: [FOLLOW_TICKETS, FOLLOW_TICKET_STAFF],
  tells: { typing: TicketTypingView },
  async onConnect(context) {
    const accountId = agentOf(context);
    if (accountId) await context.presence.come(presentAs(accountId), context.socketId);
  },
  async onDisconnect(context) {
    // Also of somebody who has lost the role, which is why they go.
    const { accountId } = context.caller!;
    const isLast = await context.presence.go(presentAs(accountId), context.socketId);
    // Where that is unknown, readiness ends by itself.
    if (isLast && agentOf(context)) {
      await withTransaction(context.database, (transaction) => endReadiness(transaction, { accountId }));
    }
  },
});
