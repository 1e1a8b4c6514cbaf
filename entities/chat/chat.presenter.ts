import type { OwnUpload } from './attach-file';
import type { BlockedPerson } from './block-person';
import type { AttachmentView, MessageView } from './message.view';
import type { ChatMessage } from './read-messages';
import type { RoomPerson, RoomSummary, ShopRoom } from './read-rooms';
import type { BlockView, MemberView, RoomView, ShopRoomView } from './room.view';

/** A message as clients see it. */
export function presentMessage({ id: _id, ...message }: ChatMessage): MessageView {
  const { createdAt, editedAt, deletedAt, attachments } = message;
  return {
    ...message,
    attachments: [...attachments],
    createdAt: createdAt.toISOString(),
    editedAt: editedAt?.toISOString() ?? null,
    deletedAt: deletedAt?.toISOString() ?? null,
  };
}

/** A room as its reader sees it. */
export function presentRoom({ isBlocked, activeAt, ...room }: RoomSummary): RoomView {
  const isWritable = room.role !== null && room.state === 'active' && !isBlocked;
  return { ...room, isWritable, activeAt: activeAt.toISOString() };
}

/** A room of the shop as somebody outside sees it. */
export function presentShopRoom({ title, createdAt, ...room }: ShopRoom): ShopRoomView {
  return { ...room, title: title!, createdAt: createdAt.toISOString() };
}

/** A member as the others see them. */
export function presentMember({ joinedAt, ...member }: RoomPerson): MemberView {
  return { ...member, joinedAt: joinedAt.toISOString() };
}

/** Somebody whom the reader has blocked. */
export function presentBlock({ createdAt, ...block }: BlockedPerson): BlockView {
  return { ...block, createdAt: createdAt.toISOString() };
}

/** An upload as the person who makes it sees it. */
export function presentUpload({ id, name, type, bytes, status, failure }: OwnUpload): AttachmentView {
  return { id, name, type, bytes, status, failure };
}
