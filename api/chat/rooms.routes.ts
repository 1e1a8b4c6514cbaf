import { archiveRoom, changeRoom } from '../../entities/chat/change-room';
import { ChangeRoomInput, DirectRoomInput, ReadInput, TitledRoomInput } from '../../entities/chat/chat.input';
import { presentRoom, presentShopRoom } from '../../entities/chat/chat.presenter';
import { markRead } from '../../entities/chat/mark-read';
import { openDirectRoom, openGroup, openSupportRoom, type OpenedRoom } from '../../entities/chat/open-room';
import { readRoom, readRooms, readShopRooms } from '../../entities/chat/read-rooms';
import type { ChatActor, ChatReader } from '../../entities/chat/room-access';
import { ReadView, RoomView } from '../../entities/chat/room.view';
import type { Transaction } from '../../entities/sql';
import { derivedId } from '../../entities/values/uuid';
import { withTransaction } from '../../platform/transaction';
import { readCursor, writeCursor } from '../catalog/cursor';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { requireIdempotencyKey } from '../middleware/idempotency-key';
import { may } from '../middleware/may';
import { validate, validateParams, validateQuery } from '../middleware/validate';
import { PageQuery } from '../page.input';
import type { CustomerRouter } from '../router-kinds';
import type { Acting } from '../staff/acting';
import { chatActorOf, limitChat } from './chat-caller';
import { RoomParams } from './chat.input';
import { RoomsView, ShopRoomsView } from './chat.view';

/** The rooms of a person. */
export function roomsRoutes(router: CustomerRouter, { database }: Pick<Dependencies, 'database'>): void {
  const show = async (reader: ChatReader, roomId: string) =>
    presentRoom(await readRoom(database.manager, reader, roomId));

  /** Opens a room, or finds the one that is there, and shows it. */
  async function open(
    state: Acting,
    work: (transaction: Transaction, actor: ChatActor) => Promise<OpenedRoom>,
  ): Promise<{ status: 200 | 201; body: RoomView }> {
    const actor = chatActorOf(state);
    const { roomId, isNew } = await withTransaction(database, (transaction) => work(transaction, actor));
    return { status: isNew ? 201 : 200, body: await show(actor, roomId) };
  }

  router.get(
    '/chat/rooms',
    [
      describeRoute({
        operation: 'listRooms',
        tag: 'chat',
        summary: 'The rooms that the caller is in, the last active first',
        answers: { 200: RoomsView },
        errors: ['catalog.cursor_invalid'],
      }),
      may('chat.read'),
      validateQuery(PageQuery),
    ],
    async (ctx) => {
      const { caller, query } = ctx.state;
      const { cursor, limit } = query;
      const list = { roomsOf: caller.accountId };
      const after = cursor === undefined ? undefined : readCursor(list, cursor);
      const found = await readRooms(database.manager, caller, { after, limit: limit + 1 });
      const page = found.slice(0, limit);
      const last = found.length > limit ? page.at(-1) : undefined;
      const nextCursor = last ? writeCursor(list, { key: last.activeAt.getTime(), id: last.id }) : null;
      return { status: 200, body: { items: page.map(presentRoom), nextCursor } };
    },
  );

  router.post(
    '/chat/rooms/direct',
    [
      describeRoute({
        operation: 'openDirectRoom',
        tag: 'chat',
        summary: 'Write to somebody',
        description: 'Two people have one room: a repetition, also by the other person, finds it.',
        answers: { 201: RoomView, 200: RoomView },
        errors: ['chat.person_not_found', 'chat.blocked', 'chat.rooms_too_many'],
      }),
      may('chat.write'),
      validate(DirectRoomInput),
      limitChat('arrange'),
    ],
    (ctx) => open(ctx.state, (transaction, actor) => openDirectRoom(transaction, actor, ctx.state.input)),
  );

  router.post(
    '/chat/rooms/group',
    [
      describeRoute({
        operation: 'openGroup',
        tag: 'chat',
        summary: 'Open a group, whose owner is the caller',
        answers: { 201: RoomView, 200: RoomView },
        errors: ['chat.rooms_too_many'],
      }),
      may('chat.write'),
      requireIdempotencyKey(),
      validate(TitledRoomInput),
      limitChat('arrange'),
    ],
    (ctx) => {
      const { caller, idempotencyKey, input } = ctx.state;
      const roomId = derivedId('group', caller.accountId, idempotencyKey);
      return open(ctx.state, (transaction, actor) => openGroup(transaction, actor, { roomId, ...input }));
    },
  );

  router.post(
    '/chat/rooms/support',
    [
      describeRoute({
        operation: 'openSupportRoom',
        tag: 'chat',
        summary: 'Write to the shop',
        description: 'A customer has one room that is open: a repetition finds it.',
        answers: { 201: RoomView, 200: RoomView },
        errors: ['chat.rooms_too_many'],
      }),
      may('chat.write'),
      limitChat('arrange'),
    ],
    (ctx) => open(ctx.state, openSupportRoom),
  );

  router.get(
    '/chat/shop-rooms',
    [
      describeRoute({
        operation: 'listShopRooms',
        tag: 'chat',
        summary: 'The rooms of the shop that can be joined, the newest first',
        answers: { 200: ShopRoomsView },
        errors: ['catalog.cursor_invalid'],
      }),
      may('chat.read'),
      validateQuery(PageQuery),
    ],
    async (ctx) => {
      const { caller, query } = ctx.state;
      const { cursor, limit } = query;
      const before = cursor === undefined ? null : readCursor(SHOP_ROOMS, cursor).id;
      const found = await readShopRooms(database.manager, caller, { before, limit: limit + 1 });
      const page = found.slice(0, limit);
      const last = found.length > limit ? page.at(-1) : undefined;
      const nextCursor = last ? writeCursor(SHOP_ROOMS, { key: 0, id: last.id }) : null;
      return { status: 200, body: { items: page.map(presentShopRoom), nextCursor } };
    },
  );

  router.get(
    '/chat/rooms/:id',
    [
      describeRoute({
        operation: 'getRoom',
        tag: 'chat',
        summary: 'A room',
        answers: { 200: RoomView },
        errors: ['chat.room_not_found'],
      }),
      may('chat.read'),
      validateParams(RoomParams, 'chat.room_not_found'),
    ],
    async (ctx) => ({ status: 200, body: await show(ctx.state.caller, ctx.state.params.id) }),
  );

  router.put(
    '/chat/rooms/:id',
    [
      describeRoute({
        operation: 'changeRoom',
        tag: 'chat',
        summary: 'Change the title of a room, or what its new members can read',
        description: 'The owner and moderators of a group do, and staff in rooms of the shop.',
        answers: { 200: RoomView },
        errors: ['chat.room_not_found', 'chat.room_archived', 'chat.room_kind', 'chat.not_permitted'],
      }),
      may('chat.write'),
      validateParams(RoomParams, 'chat.room_not_found'),
      validate(ChangeRoomInput),
      limitChat('arrange'),
    ],
    async (ctx) => {
      const { params, input } = ctx.state;
      const actor = chatActorOf(ctx.state);
      await withTransaction(database, (transaction) =>
        changeRoom(transaction, actor, { roomId: params.id, ...input }),
      );
      return { status: 200, body: await show(actor, params.id) };
    },
  );

  router.post(
    '/chat/rooms/:id/archive',
    [
      describeRoute({
        operation: 'archiveRoom',
        tag: 'chat',
        summary: 'Close a room for good',
        description: 'It can be read afterwards. The owner of a group does, and staff in rooms of the shop.',
        answers: { 200: RoomView },
        errors: ['chat.room_not_found', 'chat.room_kind', 'chat.not_permitted'],
      }),
      may('chat.write'),
      validateParams(RoomParams, 'chat.room_not_found'),
      limitChat('arrange'),
    ],
    async (ctx) => {
      const actor = chatActorOf(ctx.state);
      const roomId = ctx.state.params.id;
      await withTransaction(database, (transaction) => archiveRoom(transaction, actor, { roomId }));
      return { status: 200, body: await show(actor, roomId) };
    },
  );

  router.put(
    '/chat/rooms/:id/read',
    [
      describeRoute({
        operation: 'markRoomRead',
        tag: 'chat',
        summary: 'Say how far the caller has read',
        description:
          'The number only grows, to the newest message at most. The others of a small room are told. Send it at most twice a second.',
        answers: { 200: ReadView },
        errors: ['chat.room_not_found'],
      }),
      may('chat.write'),
      validateParams(RoomParams, 'chat.room_not_found'),
      validate(ReadInput),
      limitChat('read'),
    ],
    async (ctx) => {
      const { params, input } = ctx.state;
      const read = await withTransaction(database, (transaction) =>
        markRead(transaction, chatActorOf(ctx.state), { roomId: params.id, seq: input.seq }),
      );
      return { status: 200, body: read };
    },
  );
}

const SHOP_ROOMS = { rooms: 'shop' };
