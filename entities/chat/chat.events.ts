import type { Aggregate } from '../events/aggregate';
import type { RoomKind } from './room';
import type { LeavingReason, MemberRole } from './room-member';

/**
 * What the journal says of a room, by type: numbers, ids and reasons. The journal cannot be changed, so a text in it would outlive
 * its deletion. {@link hydrateRoomEvents} adds what the rows say now. Members of the room see it, and nobody else.
 */
export interface RoomEvents {
  'room.opened': { kind: RoomKind };
  /** Its title or what new members can read. */
  'room.changed': Record<never, never>;
  'room.archived': Record<never, never>;
  /** In a direct room: one of the two has blocked the other, or takes it back. Read the room for whether one can write. */
  'room.blocks_changed': Record<never, never>;
  /** Also somebody who comes back. */
  'member.joined': { accountId: string; role: MemberRole };
  /** With `erased` the texts of this person are gone, too. */
  'member.left': { accountId: string; reason: LeavingReason };
  'member.role': { accountId: string; role: MemberRole };
  /** How far somebody has read, in rooms with at most {@link TELLING_MEMBERS} members. */
  'member.read': { accountId: string; seq: number };
  'message.sent': { seq: number; senderId: string };
  'message.edited': { seq: number };
  'message.deleted': { seq: number };
}

/** A room's history in the journal. Retention takes its oldest events: the rows have what matters. */
export const ROOM: Aggregate<RoomEvents> & { readonly forgets: true } = {
  type: 'room',
  table: 'rooms',
  forgets: true,
};
