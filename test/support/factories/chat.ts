import type { StaffRole } from '../../../entities/auth/policy';
import { inviteMember, changeRole } from '../../../entities/chat/arrange-members';
import { openDirectRoom, openGroup, openShopRoom, openSupportRoom } from '../../../entities/chat/open-room';
import type { ChatMessage } from '../../../entities/chat/read-messages';
import type { RoomHistory } from '../../../entities/chat/room';
import type { ChatActor } from '../../../entities/chat/room-access';
import { sendMessage, type NewMessage } from '../../../entities/chat/send-message';
import { newId } from '../../../entities/values/uuid';
import type { ShopDatabase } from '../shop-database';
import { buildSession } from './accounts';
import { buildAdmin, buildStaff } from './staff';

type Home = Pick<ShopDatabase, 'database' | 'run'>;

/** Somebody who has signed in, a new person unless told. */
export async function buildPerson({ database }: Home, known?: string): Promise<ChatActor> {
  const session = await buildSession(database, known === undefined ? {} : { accountId: known });
  const { accountId, sessionId } = session;
  return { accountId, sessionId, requestId: newId(), roles: ['customer'] };
}

/** Somebody of the staff who has signed in. */
export async function buildAgent({ database }: Home, role: StaffRole): Promise<ChatActor> {
  const { accountId, sessionId, requestId } = await buildStaff(database, await buildAdmin(database), role);
  return { accountId, sessionId, requestId, roles: ['customer', role] };
}

/** A group with people of each role. */
export interface BuiltGroup {
  readonly roomId: string;
  readonly owner: ChatActor;
  readonly moderator: ChatActor;
  readonly member: ChatActor;
}

/** A group with an owner, a moderator and a member. */
export async function buildGroup(home: Home, history: RoomHistory = 'all'): Promise<BuiltGroup> {
  const [owner, moderator, member] = [
    await buildPerson(home),
    await buildPerson(home),
    await buildPerson(home),
  ];
  const roomId = newId();
  await home.run(async (transaction) => {
    await openGroup(transaction, owner, { roomId, title: 'Books', history });
    for (const { accountId } of [moderator, member])
      await inviteMember(transaction, owner, { roomId, accountId });
    await changeRole(transaction, owner, { roomId, accountId: moderator.accountId, role: 'moderator' });
  });
  return { roomId, owner, moderator, member };
}

/** The room of two people. */
export async function buildDirect(
  home: Home,
): Promise<{ readonly roomId: string; readonly one: ChatActor; readonly other: ChatActor }> {
  const [one, other] = [await buildPerson(home), await buildPerson(home)];
  const { roomId } = await home.run((transaction) =>
    openDirectRoom(transaction, one, { accountId: other.accountId }),
  );
  return { roomId, one, other };
}

/** A customer's room with the shop. */
export async function buildSupport(
  home: Home,
  accountId?: string,
): Promise<{ readonly roomId: string; readonly customer: ChatActor }> {
  const customer = await buildPerson(home, accountId);
  const { roomId } = await home.run((transaction) => openSupportRoom(transaction, customer));
  return { roomId, customer };
}

/** A room of the shop, which this person of the staff has opened. */
export async function buildShopRoom(home: Home, staff: ChatActor): Promise<string> {
  const roomId = newId();
  await home.run((transaction) =>
    openShopRoom(transaction, staff, { roomId, title: 'Offers', history: 'all' }),
  );
  return roomId;
}

/** What somebody has sent. */
export async function say(
  home: Home,
  actor: ChatActor,
  roomId: string,
  text: string,
  more: Partial<NewMessage> = {},
): Promise<ChatMessage> {
  const { message } = await home.run((transaction) =>
    sendMessage(transaction, actor, { roomId, clientId: newId(), text, ...more }),
  );
  return message;
}
