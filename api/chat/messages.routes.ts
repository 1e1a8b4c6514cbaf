import { deleteMessage, editMessage } from '../../entities/chat/change-message';
import { EditMessageInput, ReportInput, SendMessageInput } from '../../entities/chat/chat.input';
import { presentMessage } from '../../entities/chat/chat.presenter';
import { HistoryView, MessageView } from '../../entities/chat/message.view';
import { readMessage, readMessages, searchMessages } from '../../entities/chat/read-messages';
import { reportMessage } from '../../entities/chat/report-message';
import { sendMessage } from '../../entities/chat/send-message';
import { invalidRequest } from '../../entities/problem';
import { withTransaction } from '../../platform/transaction';
import { readCursor, writeCursor } from '../catalog/cursor';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { may } from '../middleware/may';
import { validate, validateParams, validateQuery } from '../middleware/validate';
import type { CustomerRouter } from '../router-kinds';
import { chatActorOf, limitChat } from './chat-caller';
import { HistoryQuery, MessageParams, MessageSearchQuery, RoomParams } from './chat.input';
import { FoundMessagesView } from './chat.view';

/** What people write in rooms. */
export function messagesRoutes(
  router: CustomerRouter,
  { database, metrics }: Pick<Dependencies, 'database' | 'metrics'>,
): void {
  const requests = metrics.counter(
    'asoud_chat_messages_total',
    'Messages that were sent by requests and sockets',
    ['outcome'],
  );

  router.get(
    '/chat/rooms/:id/messages',
    [
      describeRoute({
        operation: 'listMessages',
        tag: 'chat',
        summary: 'A part of a room’s history, the oldest first',
        description: 'The newest messages, those before a number, or those after one. Not both.',
        answers: { 200: HistoryView },
        errors: ['chat.room_not_found'],
      }),
      may('chat.read'),
      validateParams(RoomParams, 'chat.room_not_found'),
      validateQuery(HistoryQuery),
    ],
    async (ctx) => {
      const { caller, params, query } = ctx.state;
      const { before, after, limit } = query;
      if (before !== undefined && after !== undefined) throw invalidRequest([TWO_DIRECTIONS]);
      const page = await readMessages(database.manager, caller, { roomId: params.id, before, after, limit });
      return { status: 200, body: { ...page, items: page.items.map(presentMessage) } };
    },
  );

  router.post(
    '/chat/rooms/:id/messages',
    [
      describeRoute({
        operation: 'sendMessage',
        tag: 'chat',
        summary: 'Send a message',
        description:
          'Exactly once for a `clientId`: a repetition, also through a socket, is answered with the message as it is now. At most five messages a second.',
        answers: { 201: MessageView, 200: MessageView },
        errors: [
          ...(['chat.room_not_found', 'chat.room_archived', 'chat.blocked', 'chat.text_invalid'] as const),
          ...(['chat.message_not_found', 'chat.attachment_not_ready', 'chat.client_id_reused'] as const),
        ],
      }),
      may('chat.write'),
      validateParams(RoomParams, 'chat.room_not_found'),
      validate(SendMessageInput),
      limitChat('send'),
    ],
    async (ctx) => {
      const { params, input } = ctx.state;
      const { message, isNew } = await withTransaction(database, (transaction) =>
        sendMessage(transaction, chatActorOf(ctx.state), { roomId: params.id, ...input }),
      );
      requests.inc({ outcome: isNew ? 'sent' : 'repeated' });
      return { status: isNew ? 201 : 200, body: presentMessage(message) };
    },
  );

  router.get(
    '/chat/rooms/:id/messages/:seq',
    [
      describeRoute({
        operation: 'getMessage',
        tag: 'chat',
        summary: 'A message by its number',
        answers: { 200: MessageView },
        errors: ['chat.room_not_found'],
      }),
      may('chat.read'),
      validateParams(MessageParams, 'chat.message_not_found'),
    ],
    async (ctx) => {
      const { caller, params } = ctx.state;
      const message = await readMessage(database.manager, caller, { roomId: params.id, seq: params.seq });
      return { status: 200, body: presentMessage(message) };
    },
  );

  router.put(
    '/chat/rooms/:id/messages/:seq',
    [
      describeRoute({
        operation: 'editMessage',
        tag: 'chat',
        summary: 'Give a message of one’s own another text, within 15 minutes',
        answers: { 200: MessageView },
        errors: [
          ...(['chat.room_not_found', 'chat.room_archived', 'chat.blocked', 'chat.text_invalid'] as const),
          ...(['chat.not_permitted', 'chat.message_deleted', 'chat.edit_too_late'] as const),
        ],
      }),
      may('chat.write'),
      validateParams(MessageParams, 'chat.message_not_found'),
      validate(EditMessageInput),
      limitChat('send'),
    ],
    async (ctx) => {
      const { params, input } = ctx.state;
      const edit = { roomId: params.id, seq: params.seq, text: input.text };
      const message = await withTransaction(database, (transaction) =>
        editMessage(transaction, chatActorOf(ctx.state), edit),
      );
      return { status: 200, body: presentMessage(message) };
    },
  );

  router.delete(
    '/chat/rooms/:id/messages/:seq',
    [
      describeRoute({
        operation: 'withdrawMessage',
        tag: 'chat',
        summary:
          'Delete a message: its author at any time, also after they left, or whoever moderates the room',
        description: 'Nothing of it is left but its place.',
        answers: { 200: MessageView },
        errors: ['chat.room_not_found', 'chat.not_permitted'],
      }),
      may('chat.write'),
      validateParams(MessageParams, 'chat.message_not_found'),
      limitChat('send'),
    ],
    async (ctx) => {
      const { id: roomId, seq } = ctx.state.params;
      const message = await withTransaction(database, (transaction) =>
        deleteMessage(transaction, chatActorOf(ctx.state), { roomId, seq }),
      );
      return { status: 200, body: presentMessage(message) };
    },
  );

  router.post(
    '/chat/rooms/:id/messages/:seq/reports',
    [
      describeRoute({
        operation: 'reportMessage',
        tag: 'chat',
        summary: 'Ask the shop to look at a message of somebody else',
        description: 'The others are not told. A repetition changes nothing.',
        answers: { 204: 'Staff will look at it.' },
        errors: ['chat.room_not_found', 'chat.not_permitted'],
      }),
      may('chat.write'),
      validateParams(MessageParams, 'chat.message_not_found'),
      validate(ReportInput),
      limitChat('report'),
    ],
    async (ctx) => {
      const { params, input } = ctx.state;
      const report = { roomId: params.id, seq: params.seq, ...input };
      await withTransaction(database, (transaction) =>
        reportMessage(transaction, chatActorOf(ctx.state), report),
      );
      return { status: 204 };
    },
  );

  router.get(
    '/chat/search',
    [
      describeRoute({
        operation: 'searchMessages',
        tag: 'chat',
        summary: 'Search the rooms that the caller is in, the newest message first',
        answers: { 200: FoundMessagesView },
        errors: ['catalog.cursor_invalid'],
      }),
      may('chat.read'),
      validateQuery(MessageSearchQuery),
      limitChat('search'),
    ],
    async (ctx) => {
      const { caller, query } = ctx.state;
      const { q: typed, roomId, cursor, limit } = query;
      const list = { messagesOf: caller.accountId, typed, roomId };
      const beforeId = cursor === undefined ? undefined : readCursor(list, cursor).id;
      const search = { typed, roomId, beforeId, limit: limit + 1 };
      const found = await searchMessages(database.manager, caller, search);
      const page = found.slice(0, limit);
      const last = found.length > limit ? page.at(-1) : undefined;
      const nextCursor = last ? writeCursor(list, { key: 0, id: last.id }) : null;
      return { status: 200, body: { items: page.map(presentMessage), nextCursor } };
    },
  );
}

const TWO_DIRECTIONS = {
  in: 'query',
  field: 'after',
  rule: 'oneDirection',
  detail: 'name before or after, not both',
} as const;
