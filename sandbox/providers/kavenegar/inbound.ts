import type { Kit } from '../../kit/kit';
import { createRecords, type Records } from '../../kit/records';

/** A message from somebody's phone to a line. */
export interface InboundMessage {
  readonly inboundId: string;
  readonly line: string;
  readonly sender: string;
  readonly text: string;
  readonly at: number;
  readonly isRead: boolean;
}

/** The messages that a restart left, and those to come. */
export function createInbound(kit: Kit, limit: number): Records<InboundMessage> {
  return createRecords<InboundMessage>(kit, {
    name: 'inbound',
    id: 'inboundId',
    limit,
    isOver: ({ isRead }) => isRead,
    state: ({ isRead }) => (isRead ? 'read' : 'unread'),
  });
}
