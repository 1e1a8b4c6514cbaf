import type { ChatActor } from '../../entities/chat/room-access';
import type { Transaction } from '../../entities/sql';
import { withTransaction } from '../../platform/transaction';
import type { Caller, VerbContext } from '../registry';

/** Refusals of whatever is done in a room. */
export const IN_ROOM = ['chat.room_not_found'] as const;
/** Refusals of what is done to a room or its members. */
export const ARRANGING = [...IN_ROOM, 'chat.room_kind', 'chat.not_permitted', 'auth.session_over'] as const;

/** The namespace has no guests. */
export const callerOf = ({ caller }: VerbContext): Caller => caller!;

/** Does something in a chat as the caller, in one transaction. */
export function inChat<Result>(
  context: VerbContext,
  work: (transaction: Transaction, actor: ChatActor) => Promise<Result>,
): Promise<Result> {
  const { accountId, sessionId, roles } = callerOf(context);
  const actor = { accountId, sessionId, roles, requestId: context.requestId };
  return withTransaction(context.database, (transaction) => work(transaction, actor));
}
