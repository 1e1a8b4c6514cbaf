import {
  changeRole,
  inviteMember,
  joinRoom,
  leaveRoom,
  passOwnership,
  removeMember,
} from '../../entities/chat/arrange-members';
import { blockPerson, readBlocks, unblockPerson } from '../../entities/chat/block-person';
import { MemberRoleInput } from '../../entities/chat/chat.input';
import { presentBlock, presentMember } from '../../entities/chat/chat.presenter';
import { readMembers } from '../../entities/chat/read-rooms';
import type { ChatActor } from '../../entities/chat/room-access';
import { BlocksView, MembersView } from '../../entities/chat/room.view';
import type { Transaction } from '../../entities/sql';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { may } from '../middleware/may';
import { validate, validateParams } from '../middleware/validate';
import type { CustomerRouter } from '../router-kinds';
import type { Acting } from '../staff/acting';
import { chatActorOf, limitChat } from './chat-caller';
import { MemberParams, PersonParams, RoomParams } from './chat.input';

/** Who is in a room, and whom somebody does not want to hear of. */
export function membersRoutes(router: CustomerRouter, { database }: Pick<Dependencies, 'database'>): void {
  async function change(
    state: Acting,
    work: (transaction: Transaction, actor: ChatActor) => Promise<void>,
  ): Promise<{ status: 204 }> {
    await withTransaction(database, (transaction) => work(transaction, chatActorOf(state)));
    return { status: 204 };
  }

  router.get(
    '/chat/rooms/:id/members',
    [
      describeRoute({
        operation: 'listRoomMembers',
        tag: 'chat',
        summary: 'Who is in a room, and how far each has read',
        answers: { 200: MembersView },
        errors: ['chat.room_not_found'],
      }),
      may('chat.read'),
      validateParams(RoomParams, 'chat.room_not_found'),
    ],
    async (ctx) => {
      const members = await readMembers(database.manager, ctx.state.caller, ctx.state.params.id);
      return { status: 200, body: { items: members.map(presentMember) } };
    },
  );

  router.put(
    '/chat/rooms/:id/members/:accountId',
    [
      describeRoute({
        operation: 'inviteRoomMember',
        tag: 'chat',
        summary: 'Bring somebody into a room',
        description: 'The owner and moderators of a group do, and staff in rooms of the shop.',
        answers: { 204: 'The person is in the room.' },
        errors: [
          ...(['chat.room_not_found', 'chat.room_archived', 'chat.room_kind', 'chat.not_permitted'] as const),
          ...(['chat.blocked', 'chat.room_full', 'chat.rooms_too_many'] as const),
        ],
      }),
      may('chat.write'),
      validateParams(MemberParams, 'chat.person_not_found'),
      limitChat('arrange'),
    ],
    ({ state }) => {
      const { id: roomId, accountId } = state.params;
      return change(state, (transaction, actor) => inviteMember(transaction, actor, { roomId, accountId }));
    },
  );

  router.delete(
    '/chat/rooms/:id/members/:accountId',
    [
      describeRoute({
        operation: 'removeRoomMember',
        tag: 'chat',
        summary: 'Remove somebody from a room',
        description:
          'Moderators of a group remove members, its owner everybody else, staff anybody in rooms of the shop.',
        answers: { 204: 'The person is no longer in the room.' },
        errors: ['chat.room_not_found', 'chat.room_kind', 'chat.not_permitted'],
      }),
      may('chat.write'),
      validateParams(MemberParams, 'chat.member_not_found'),
      limitChat('arrange'),
    ],
    ({ state }) => {
      const { id: roomId, accountId } = state.params;
      return change(state, (transaction, actor) => removeMember(transaction, actor, { roomId, accountId }));
    },
  );

  router.put(
    '/chat/rooms/:id/members/:accountId/role',
    [
      describeRoute({
        operation: 'changeRoomRole',
        tag: 'chat',
        summary: 'Give a member of the caller’s group another role, or the group itself',
        answers: { 204: 'The person has the role.' },
        errors: ['chat.room_not_found', 'chat.room_archived', 'chat.room_kind', 'chat.not_permitted'],
      }),
      may('chat.write'),
      validateParams(MemberParams, 'chat.member_not_found'),
      validate(MemberRoleInput),
      limitChat('arrange'),
    ],
    ({ state }) => {
      const { id: roomId, accountId } = state.params;
      const { role } = state.input;
      return change(state, (transaction, actor) =>
        role === 'owner'
          ? passOwnership(transaction, actor, { roomId, accountId })
          : changeRole(transaction, actor, { roomId, accountId, role }),
      );
    },
  );

  router.post(
    '/chat/rooms/:id/join',
    [
      describeRoute({
        operation: 'joinRoom',
        tag: 'chat',
        summary: 'Come into a room of the shop, or as staff into a support room',
        answers: { 204: 'The caller is in the room.' },
        errors: [
          ...(['chat.room_archived', 'chat.room_kind', 'chat.not_permitted'] as const),
          ...(['chat.room_full', 'chat.rooms_too_many'] as const),
        ],
      }),
      may('chat.write'),
      validateParams(RoomParams, 'chat.room_not_found'),
      limitChat('arrange'),
    ],
    ({ state }) =>
      change(state, (transaction, actor) => joinRoom(transaction, actor, { roomId: state.params.id })),
  );

  router.post(
    '/chat/rooms/:id/leave',
    [
      describeRoute({
        operation: 'leaveRoom',
        tag: 'chat',
        summary: 'Leave a room',
        description:
          'The group of an owner who leaves passes to the moderator, or else the member, who has been there longest. The room of two people cannot be left: block the other person.',
        answers: { 204: 'The caller is no longer in the room.' },
        errors: ['chat.room_kind'],
      }),
      may('chat.write'),
      validateParams(RoomParams, 'chat.room_not_found'),
      limitChat('arrange'),
    ],
    ({ state }) =>
      change(state, (transaction, actor) => leaveRoom(transaction, actor, { roomId: state.params.id })),
  );

  router.get(
    '/chat/blocks',
    [
      describeRoute({
        operation: 'listBlocks',
        tag: 'chat',
        summary: 'Whom the caller has blocked',
        answers: { 200: BlocksView },
      }),
      may('chat.read'),
    ],
    async (ctx) => {
      const blocks = await readBlocks(database.manager, ctx.state.caller);
      return { status: 200, body: { items: blocks.map(presentBlock) } };
    },
  );

  router.put(
    '/chat/blocks/:accountId',
    [
      describeRoute({
        operation: 'blockPerson',
        tag: 'chat',
        summary: 'Hear no more of somebody',
        description:
          'Neither of the two can write in the room that they have, open one, or invite the other. In groups both go on.',
        answers: { 204: 'The person is blocked.' },
      }),
      may('chat.write'),
      validateParams(PersonParams, 'chat.person_not_found'),
      limitChat('arrange'),
    ],
    ({ state }) => change(state, (transaction, actor) => blockPerson(transaction, actor, state.params)),
  );

  router.delete(
    '/chat/blocks/:accountId',
    [
      describeRoute({
        operation: 'unblockPerson',
        tag: 'chat',
        summary: 'Take a block back',
        answers: { 204: 'The person is not blocked.' },
        errors: ['chat.person_not_found'],
      }),
      may('chat.write'),
      validateParams(PersonParams, 'chat.person_not_found'),
      limitChat('arrange'),
    ],
    ({ state }) => change(state, (transaction, actor) => unblockPerson(transaction, actor, state.params)),
  );
}
