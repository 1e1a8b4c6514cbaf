import {
  changeRole,
  inviteMember,
  joinRoom,
  leaveRoom,
  passOwnership,
  removeMember,
} from '../../entities/chat/arrange-members';
import { blockPerson, readBlocks, unblockPerson } from '../../entities/chat/block-person';
import { CHAT_LIMITS } from '../../entities/chat/chat-limits';
import { presentBlock, presentMember } from '../../entities/chat/chat.presenter';
import { refuseBlockedRoom } from '../../entities/chat/lock-people';
import { readMembers } from '../../entities/chat/read-rooms';
import { requireRoom } from '../../entities/chat/room-access';
import { readKeptApart, requireWriter } from '../../entities/chat/room-audience';
import { BlocksView, MembersView } from '../../entities/chat/room.view';
import { defineVerb } from '../registry';
import { DoneView } from '../subscribe-to';
import { ARRANGING, callerOf, inChat, IN_ROOM } from './chat-caller';
import { roomOf } from './chat-rooms';
import { MemberInput, NothingInput, PersonInput, RoleInput, RoomInput } from './chat.input';
import { RoomPresenceView } from './chat.view';

/** Whatever the client does, the others are told once in this time. */
const TYPING = { limit: 1, windowSeconds: 2 };

/** Who is in a room, who is there, and whom somebody does not want to hear of. */
export const MEMBER_VERBS = {
  members: defineVerb({
    summary: 'Read who is in a room, and how far each has read',
    input: RoomInput,
    answer: MembersView,
    action: 'chat.read',
    errors: IN_ROOM,
    async handle(context, { roomId }) {
      const members = await readMembers(context.database.manager, callerOf(context), roomId);
      return { items: members.map(presentMember) };
    },
  }),

  invite: defineVerb({
    summary: 'Bring somebody into a room',
    input: MemberInput,
    answer: DoneView,
    action: 'chat.write',
    limit: CHAT_LIMITS.arrange,
    errors: [
      ...ARRANGING,
      ...(['chat.person_not_found', 'chat.room_archived', 'chat.blocked'] as const),
      ...(['chat.room_full', 'chat.rooms_too_many'] as const),
    ],
    async handle(context, input) {
      await inChat(context, (transaction, actor) => inviteMember(transaction, actor, input));
      return {};
    },
  }),

  remove: defineVerb({
    summary: 'Remove somebody from a room',
    input: MemberInput,
    answer: DoneView,
    action: 'chat.write',
    limit: CHAT_LIMITS.arrange,
    errors: [...ARRANGING, 'chat.member_not_found'],
    async handle(context, input) {
      await inChat(context, (transaction, actor) => removeMember(transaction, actor, input));
      return {};
    },
  }),

  role: defineVerb({
    summary: 'Give a member of the caller’s group another role, or as `owner` the group itself',
    input: RoleInput,
    answer: DoneView,
    action: 'chat.write',
    limit: CHAT_LIMITS.arrange,
    errors: [...ARRANGING, 'chat.room_archived', 'chat.member_not_found'],
    async handle(context, { roomId, accountId, role }) {
      await inChat(context, (transaction, actor) =>
        role === 'owner'
          ? passOwnership(transaction, actor, { roomId, accountId })
          : changeRole(transaction, actor, { roomId, accountId, role }),
      );
      return {};
    },
  }),

  join: defineVerb({
    summary: 'Come into a room of the shop, or as staff into a support room',
    input: RoomInput,
    answer: DoneView,
    action: 'chat.write',
    limit: CHAT_LIMITS.arrange,
    errors: [...ARRANGING, 'chat.room_archived', 'chat.room_full', 'chat.rooms_too_many'],
    async handle(context, { roomId }) {
      await inChat(context, (transaction, actor) => joinRoom(transaction, actor, { roomId }));
      return {};
    },
  }),

  leave: defineVerb({
    summary: 'Leave a room',
    input: RoomInput,
    answer: DoneView,
    action: 'chat.write',
    limit: CHAT_LIMITS.arrange,
    errors: [...IN_ROOM, 'chat.room_kind'],
    async handle(context, { roomId }) {
      await inChat(context, (transaction, actor) => leaveRoom(transaction, actor, { roomId }));
      return {};
    },
  }),

  blocks: defineVerb({
    summary: 'Read whom the caller has blocked',
    input: NothingInput,
    answer: BlocksView,
    action: 'chat.read',
    async handle(context) {
      const blocks = await readBlocks(context.database.manager, callerOf(context));
      return { items: blocks.map(presentBlock) };
    },
  }),

  block: defineVerb({
    summary: 'Hear no more of somebody',
    input: PersonInput,
    answer: DoneView,
    action: 'chat.write',
    limit: CHAT_LIMITS.arrange,
    errors: ['chat.person_not_found', 'auth.session_over'],
    async handle(context, input) {
      await inChat(context, (transaction, actor) => blockPerson(transaction, actor, input));
      return {};
    },
  }),

  unblock: defineVerb({
    summary: 'Take a block back',
    input: PersonInput,
    answer: DoneView,
    action: 'chat.write',
    errors: ['chat.person_not_found'],
    limit: CHAT_LIMITS.arrange,
    async handle(context, input) {
      await inChat(context, (transaction, actor) => unblockPerson(transaction, actor, input));
      return {};
    },
  }),

  typing: defineVerb({
    summary: 'Tell the others in a room that the caller types; they are told once in 2 s',
    input: RoomInput,
    answer: DoneView,
    action: 'chat.write',
    errors: [...IN_ROOM, 'chat.room_archived', 'chat.blocked'],
    async handle(context, { roomId }) {
      const { database, rateLimiter, tell } = context;
      const caller = callerOf(context);
      await requireWriter(database.manager, caller, roomId);
      const { accountId } = caller;
      const { allowed } = await rateLimiter.consume('chat-typing', `${accountId}:${roomId}`, TYPING);
      if (allowed) tell(roomOf(roomId), 'typing', { roomId, accountId });
      return {};
    },
  }),

  presence: defineVerb({
    summary: 'Read who of a room is connected',
    input: RoomInput,
    answer: RoomPresenceView,
    action: 'chat.read',
    errors: [...IN_ROOM, 'chat.blocked'],
    async handle(context, { roomId }) {
      const { manager } = context.database;
      const caller = callerOf(context);
      await refuseBlockedRoom(manager, await requireRoom(manager, caller, roomId), caller.accountId);
      const members = await readMembers(manager, caller, roomId);
      const apart = await readKeptApart(manager, roomId, caller.accountId);
      const states = await context.presence.read(members.map(({ accountId }) => accountId));
      const stateOf = (accountId: string, place: number) =>
        apart.has(accountId) ? 'unknown' : states[place]!;
      return {
        people: members.map(({ accountId }, place) => ({ accountId, state: stateOf(accountId, place) })),
      };
    },
  }),
};
