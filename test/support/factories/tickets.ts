import type { ChatActor } from '../../../entities/chat/room-access';
import { openTicket, type NewTicket } from '../../../entities/support/open-ticket';
import { newId } from '../../../entities/values/uuid';
import type { ShopDatabase } from '../shop-database';
import { buildPerson } from './chat';

type Home = Pick<ShopDatabase, 'database' | 'run'>;

/** A ticket of a customer, now unless told. */
export async function buildTicket(
  home: Home,
  known?: ChatActor,
  more: Partial<NewTicket> = {},
): Promise<{ readonly id: string; readonly customer: ChatActor }> {
  const customer = known ?? (await buildPerson(home));
  const ticket: NewTicket = {
    ...{
      ticketId: newId(),
      category: 'general',
      subject: 'A question',
      text: 'Where is it?',
      now: new Date(),
    },
    ...more,
  };
  await home.run((transaction) => openTicket(transaction, customer, ticket));
  return { id: ticket.ticketId, customer };
}
