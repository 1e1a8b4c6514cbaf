import { deleteMessage, editMessage } from '../../entities/chat/change-message';
import { CHAT_LIMITS } from '../../entities/chat/chat-limits';
import { presentMessage } from '../../entities/chat/chat.presenter';
import { markRead } from '../../entities/chat/mark-read';
import { HistoryView, MessageView } from '../../entities/chat/message.view';
import { readMessage, readMessages, searchMessages } from '../../entities/chat/read-messages';
import { reportMessage } from '../../entities/chat/report-message';
import { ReadView } from '../../entities/chat/room.view';
import { sendMessage } from '../../entities/chat/send-message';
import { invalidRequest } from '../../entities/problem';
import { defineVerb } from '../registry';
import { DoneView } from '../subscribe-to';
import { callerOf, inChat, IN_ROOM } from './chat-caller';
import {
  EditInput,
  HistoryInput,
  MessageInput,
  ReadRoomInput,
  ReportMessageInput,
  SearchInput,
  SendInput,
} from './chat.input';
import { FoundView, SentView } from './chat.view';

/** What people write in rooms. */
export const MESSAGE_VERBS = {
  history: defineVerb({
    summary: 'Read a part of a room’s history, the oldest message first',
    input: HistoryInput,
    answer: HistoryView,
    action: 'chat.read',
    errors: IN_ROOM,
    async handle(context, input) {
      if (input.before !== undefined && input.after !== undefined) throw invalidRequest([TWO_DIRECTIONS]);
      const page = await readMessages(context.database.manager, callerOf(context), input);
      return { ...page, items: page.items.map(presentMessage) };
    },
  }),

  message: defineVerb({
    summary: 'Read a message by its number',
    input: MessageInput,
    answer: MessageView,
    action: 'chat.read',
    errors: [...IN_ROOM, 'chat.message_not_found'],
    handle: async (context, input) =>
      presentMessage(await readMessage(context.database.manager, callerOf(context), input)),
  }),

  search: defineVerb({
    summary: 'Search the rooms that the caller is in, the newest message first',
    input: SearchInput,
    answer: FoundView,
    action: 'chat.read',
    limit: CHAT_LIMITS.search,
    async handle(context, { text: typed, roomId, before: beforeId, limit }) {
      const search = { typed, roomId, beforeId, limit: limit + 1 };
      const found = await searchMessages(context.database.manager, callerOf(context), search);
      const page = found.slice(0, limit);
      const next = found.length > limit ? page.at(-1)!.id : null;
      return { messages: page.map(presentMessage), next };
    },
  }),

  send: defineVerb({
    summary: 'Send a message, exactly once for its `clientId`',
    input: SendInput,
    answer: SentView,
    action: 'chat.write',
    limit: CHAT_LIMITS.send,
    errors: [
      ...IN_ROOM,
      ...(['chat.room_archived', 'chat.blocked', 'chat.text_invalid', 'chat.message_not_found'] as const),
      ...(['chat.attachment_not_ready', 'chat.client_id_reused'] as const),
    ],
    async handle(context, input) {
      const { message, isNew } = await inChat(context, (transaction, actor) =>
        sendMessage(transaction, actor, input),
      );
      const help = 'Messages that were sent by requests and sockets';
      const messages = context.metrics.counter('asoud_chat_messages_total', help, ['outcome']);
      messages.inc({ outcome: isNew ? 'sent' : 'repeated' });
      return { message: presentMessage(message), isNew };
    },
  }),

  edit: defineVerb({
    summary: 'Give a message of one’s own another text, within 15 minutes',
    input: EditInput,
    answer: MessageView,
    action: 'chat.write',
    limit: CHAT_LIMITS.send,
    errors: [
      ...IN_ROOM,
      ...(['chat.room_archived', 'chat.blocked', 'chat.text_invalid', 'chat.message_not_found'] as const),
      ...(['chat.not_permitted', 'chat.message_deleted', 'chat.edit_too_late'] as const),
    ],
    handle: async (context, input) =>
      presentMessage(await inChat(context, (transaction, actor) => editMessage(transaction, actor, input))),
  }),

  delete: defineVerb({
    summary: 'Delete a message: its author at any time, also after they left, or whoever moderates the room',
    input: MessageInput,
    answer: MessageView,
    action: 'chat.write',
    limit: CHAT_LIMITS.send,
    errors: [...IN_ROOM, 'chat.message_not_found', 'chat.not_permitted', 'auth.session_over'],
    handle: async (context, input) =>
      presentMessage(await inChat(context, (transaction, actor) => deleteMessage(transaction, actor, input))),
  }),

  report: defineVerb({
    summary: 'Ask the shop to look at a message of somebody else',
    input: ReportMessageInput,
    answer: DoneView,
    action: 'chat.write',
    limit: CHAT_LIMITS.report,
    errors: [...IN_ROOM, 'chat.message_not_found', 'chat.not_permitted'],
    async handle(context, input) {
      await inChat(context, (transaction, actor) => reportMessage(transaction, actor, input));
      return {};
    },
  }),

  read: defineVerb({
    summary: 'Say how far the caller has read; the number only grows',
    input: ReadRoomInput,
    answer: ReadView,
    action: 'chat.write',
    limit: CHAT_LIMITS.read,
    errors: IN_ROOM,
    handle: (context, input) => inChat(context, (transaction, actor) => markRead(transaction, actor, input)),
  }),
};

const TWO_DIRECTIONS = {
  in: 'body',
  field: 'after',
  rule: 'oneDirection',
  detail: 'name before or after, not both',
} as const;
