import { ROOM } from '../../entities/chat/chat.events';
import { readMessages } from '../../entities/chat/read-messages';
import type { ChatActor } from '../../entities/chat/room-access';
import { sendMessage, type NewMessage } from '../../entities/chat/send-message';
import { readEvents } from '../../entities/events/read-events';
import { refusalOf } from './refusal';
import type { ShopDatabase } from './shop-database';
import { rows } from './sql';

/** What tests of chat do with a shop that is open by then. */
export function chatOf(home: () => ShopDatabase) {
  const manager = () => home().database.manager;
  const codeOf = async (work: Promise<unknown>) => (await refusalOf(work)).code;
  /** `ok`, or the code of the refusal without its prefix. */
  const outcomeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'ok',
      async () => (await codeOf(work)).replace('chat.', ''),
    );
  const textsOf = async (reader: ChatActor, roomId: string) =>
    (await readMessages(manager(), reader, { roomId, limit: 100 })).items.map(({ text }) => text);
  const eventsOf = async (roomId: string, after = 0) =>
    (await readEvents(manager(), ROOM, roomId, after, 1_000)).map(({ type, payload }) => ({ type, payload }));
  const send = (actor: ChatActor, message: NewMessage) =>
    home().run((transaction) => sendMessage(transaction, actor, message));
  /** Makes everything of a room older by these minutes. */
  const age = (roomId: string, minutes: number) =>
    rows(
      manager(),
      `UPDATE messages SET created_at = created_at - $2 * interval '1 minute' WHERE room_id = $1`,
      [roomId, minutes],
    );

  return { manager, codeOf, outcomeOf, textsOf, eventsOf, send, age };
}
