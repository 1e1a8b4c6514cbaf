import { sayReady } from '../../../entities/support/readiness';
import { newId } from '../../../entities/values/uuid';
import { buildTicket } from '../../support/factories/tickets';
import type { StaffCalls, StaffWorld } from './staff-call';

/** Tickets, what is promised for them, and what is often answered. */
export function supportCalls({ shop, admin }: StaffWorld): StaffCalls {
  const onTicket = (route: string, body: object) => async () => {
    const { id } = await buildTicket(shop);
    return { path: `/support/desk/${id}/${route}`, body };
  };
  const canned = { textFa: 'سلام {name}', textEn: 'Hello {name}', variables: ['name'] };
  return {
    'PUT /support/sla-targets/:priority': () => ({
      path: '/support/sla-targets/high',
      body: { firstResponseMinutes: 60, nextResponseMinutes: 120, resolutionMinutes: 600 },
      seen: 1,
    }),
    'PUT /support/canned-answers/:team/:code': () => ({
      path: '/support/canned-answers/general/hello',
      body: canned,
      seen: 0,
    }),
    'DELETE /support/canned-answers/:team/:code': () => ({
      path: '/support/canned-answers/general/other',
      seen: 1,
    }),
    'POST /support/queue/take': async () => {
      await buildTicket(shop);
      return { body: { teams: ['general'] } };
    },
    // Of this team no ticket waits: whoever gets one has a second row.
    'PUT /support/readiness': () => ({ body: { teams: ['technical'] } }),
    'DELETE /support/readiness': async () => {
      await shop.run((transaction) => sayReady(transaction, admin, { teams: ['technical'], most: 1 }));
      return {};
    },
    'POST /support/desk/:id/answers': onTicket('answers', { clientId: newId(), text: 'Here it is' }),
    'POST /support/desk/:id/notes': onTicket('notes', { clientId: newId(), text: 'Asks often' }),
    'PUT /support/desk/:id/status': onTicket('status', { status: 'in_progress' }),
    'PUT /support/desk/:id/assignee': async () => {
      const { id } = await buildTicket(shop);
      return { path: `/support/desk/${id}/assignee`, body: { assigneeId: admin.accountId, expected: null } };
    },
    'PUT /support/desk/:id/priority': onTicket('priority', { priority: 'urgent' }),
    'PUT /support/desk/:id/category': onTicket('category', { category: 'billing' }),
  };
}
