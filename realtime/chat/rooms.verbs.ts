import { archiveRoom, changeRoom } from '../../entities/chat/change-room';
import { CHAT_LIMITS } from '../../entities/chat/chat-limits';
import { ROOM } from '../../entities/chat/chat.events';
import { DirectRoomInput } from '../../entities/chat/chat.input';
import { presentRoom, presentShopRoom } from '../../entities/chat/chat.presenter';
import { readRoomEvents } from '../../entities/chat/hydrate-events';
import { openDirectRoom, openGroup, openSupportRoom, type OpenedRoom } from '../../entities/chat/open-room';
import {
  readRoom,
  readRooms,
  readShopRooms,
  readSupportRooms,
  type RoomSummary,
} from '../../entities/chat/read-rooms';
import { readsAsStaff, requireRoom, type ChatActor } from '../../entities/chat/room-access';
import { RoomView } from '../../entities/chat/room.view';
import type { Transaction } from '../../entities/sql';
import { derivedId } from '../../entities/values/uuid';
import { defineVerb, type VerbContext } from '../registry';
import { DoneView, followList, SubscribedView, subscribeTo } from '../subscribe-to';
import { ARRANGING, callerOf, inChat, IN_ROOM } from './chat-caller';
import { agentInboxOf, inboxOf, personOf, presentRoomEvent, roomOf, SUPPORT_QUEUE } from './chat-rooms';
import {
  ChangeInput,
  NothingInput,
  OpenGroupInput,
  RoomInput,
  RoomsInput,
  ShopRoomsInput,
  SubscribeRoomInput,
  SupportRoomsInput,
} from './chat.input';
import { LiveRoomsView, LiveShopRoomsView, OpenedRoomView } from './chat.view';
import { tellPresence } from './tell-presence';

const OPENING = ['chat.rooms_too_many', 'auth.session_over'] as const;

const show = async (context: VerbContext, roomId: string): Promise<RoomView> =>
  presentRoom(await readRoom(context.database.manager, callerOf(context), roomId));

async function open(
  context: VerbContext,
  work: (transaction: Transaction, actor: ChatActor) => Promise<OpenedRoom>,
): Promise<OpenedRoomView> {
  const { roomId, isNew } = await inChat(context, work);
  return { room: await show(context, roomId), isNew };
}

/** Where the list of a page that was read with one room more goes on. */
function pageOf(found: readonly RoomSummary[], limit: number): LiveRoomsView {
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1) : undefined;
  const next = last ? { activeAt: last.activeAt.getTime(), id: last.id } : null;
  return { rooms: shown.map(presentRoom), next };
}

const partOf = ({ after, limit }: RoomsInput) => ({
  after: after && { key: after.activeAt, id: after.id },
  limit: limit + 1,
});

/** What people do with rooms as a whole. */
export const ROOM_VERBS = {
  rooms: defineVerb({
    summary: 'Read the rooms that the caller is in, the last active first, and follow the list',
    input: RoomsInput,
    answer: LiveRoomsView,
    action: 'chat.read',
    async handle(context, input) {
      const caller = callerOf(context);
      const { accountId, roles } = caller;
      const inboxes = [
        inboxOf(accountId),
        ...(readsAsStaff(roles, 'support') ? [agentInboxOf(accountId)] : []),
      ];
      const found = await followList(context, inboxes, () =>
        readRooms(context.database.manager, caller, partOf(input)),
      );
      return pageOf(found, input.limit);
    },
  }),

  'rooms.shop': defineVerb({
    summary: 'Read the rooms of the shop that can be joined, the newest first',
    input: ShopRoomsInput,
    answer: LiveShopRoomsView,
    action: 'chat.read',
    async handle(context, { before = null, limit }) {
      const part = { before, limit: limit + 1 };
      const found = await readShopRooms(context.database.manager, callerOf(context), part);
      const rooms = found.slice(0, limit).map(presentShopRoom);
      return { rooms, next: found.length > limit ? rooms.at(-1)!.id : null };
    },
  }),

  'rooms.support': defineVerb({
    summary: 'Read the open rooms of customers with the shop, the longest quiet first, and follow the list',
    input: SupportRoomsInput,
    answer: LiveRoomsView,
    action: 'chat.support',
    async handle(context, input) {
      const part = { ...partOf(input), isWaiting: input.waiting };
      const found = await followList(context, [SUPPORT_QUEUE], () =>
        readSupportRooms(context.database.manager, callerOf(context), part),
      );
      return pageOf(found, input.limit);
    },
  }),

  room: defineVerb({
    summary: 'Read a room',
    input: RoomInput,
    answer: RoomView,
    action: 'chat.read',
    errors: IN_ROOM,
    handle: (context, { roomId }) => show(context, roomId),
  }),

  subscribe: defineVerb({
    summary: 'Follow a room from a version on',
    input: SubscribeRoomInput,
    answer: SubscribedView,
    action: 'chat.read',
    errors: IN_ROOM,
    async handle(context, { roomId, after }) {
      const { database, isIn } = context;
      const { manager } = database;
      const caller = callerOf(context);
      const room = roomOf(roomId);
      const wasIn = isIn(room);
      context.join(personOf(caller.accountId));
      const subscribed = await subscribeTo(context, {
        aggregate: ROOM,
        id: roomId,
        room,
        after,
        authorise: () => requireRoom(manager, caller, roomId),
        async read(part) {
          const missed = await readRoomEvents(manager, caller, { roomId, ...part });
          const events = missed.events.map((event) => ({ ...event, payload: presentRoomEvent(event) }));
          return { ...missed, events };
        },
        state: () => show(context, roomId),
      });
      if (!wasIn) await tellPresence(context, [roomId], 'online');
      return subscribed;
    },
  }),

  unsubscribe: defineVerb({
    summary: 'Follow a room no longer',
    input: RoomInput,
    answer: DoneView,
    action: 'chat.read',
    async handle({ leave }, { roomId }) {
      leave(roomOf(roomId));
      return {};
    },
  }),

  'open.direct': defineVerb({
    summary: 'Write to somebody: two people have one room',
    input: DirectRoomInput,
    answer: OpenedRoomView,
    action: 'chat.write',
    limit: CHAT_LIMITS.arrange,
    errors: ['chat.person_not_found', 'chat.blocked', ...OPENING],
    handle: (context, input) =>
      open(context, (transaction, actor) => openDirectRoom(transaction, actor, input)),
  }),

  'open.group': defineVerb({
    summary: 'Open a group, whose owner is the caller',
    input: OpenGroupInput,
    answer: OpenedRoomView,
    action: 'chat.write',
    limit: CHAT_LIMITS.arrange,
    errors: OPENING,
    handle(context, { clientId, title, history }) {
      const roomId = derivedId('group', callerOf(context).accountId, clientId);
      return open(context, (transaction, actor) => openGroup(transaction, actor, { roomId, title, history }));
    },
  }),

  'open.support': defineVerb({
    summary: 'Write to the shop: a customer has one room that is open',
    input: NothingInput,
    answer: OpenedRoomView,
    action: 'chat.write',
    limit: CHAT_LIMITS.arrange,
    errors: OPENING,
    handle: (context) => open(context, openSupportRoom),
  }),

  change: defineVerb({
    summary: 'Change the title of a room, or what its new members can read',
    input: ChangeInput,
    answer: RoomView,
    action: 'chat.write',
    limit: CHAT_LIMITS.arrange,
    errors: [...ARRANGING, 'chat.room_archived'],
    async handle(context, input) {
      await inChat(context, (transaction, actor) => changeRoom(transaction, actor, input));
      return show(context, input.roomId);
    },
  }),

  archive: defineVerb({
    summary: 'Close a room for good',
    input: RoomInput,
    answer: RoomView,
    action: 'chat.write',
    limit: CHAT_LIMITS.arrange,
    errors: ARRANGING,
    async handle(context, { roomId }) {
      await inChat(context, (transaction, actor) => archiveRoom(transaction, actor, { roomId }));
      return show(context, roomId);
    },
  }),
};
