import { IsISO8601, IsString } from 'class-validator';

import { signTicket } from '../../entities/auth/ticket';
import { Example } from '../../entities/describe/example';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { may } from '../middleware/may';
import type { CustomerRouter } from '../router-kinds';

/** A ticket, and until when it opens something. */
export class TicketView {
  @Example('the-ticket-for-one-connection')
  @IsString()
  ticket!: string;

  @IsISO8601()
  expiresAt!: string;
}

/** Tickets with which signed-in callers open a socket. */
export function ticketsRoutes(router: CustomerRouter, { tokens }: Pick<Dependencies, 'tokens'>): void {
  router.post(
    '/auth/tickets',
    [
      describeRoute({
        operation: 'issueTicket',
        tag: 'auth',
        summary: 'Get a ticket for one connection to the sockets',
        description:
          'For clients that keep their session in a cookie and so have no access token to show. It opens one connection within 30 s, and that connection ends with the session.',
        answers: { 201: TicketView },
      }),
      may('session.connect'),
    ],
    (ctx) => {
      const { ticket, expiresAt } = signTicket(tokens, ctx.state.caller);
      return { status: 201, body: { ticket, expiresAt: expiresAt.toISOString() } };
    },
  );
}
