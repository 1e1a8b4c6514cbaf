import type { BlockedPerson } from '../../entities/chat/block-person';
import type { ChatMessage } from '../../entities/chat/read-messages';
import type { RoomPerson, RoomSummary, ShopRoom } from '../../entities/chat/read-rooms';
import type { ReportedMessage } from '../../entities/chat/report-message';
import type { BlockView, MemberView, MessageView, ReportView, RoomView, ShopRoomView } from './chat.view';

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

export function presentRoom({ isBlocked, activeAt, ...room }: RoomSummary): RoomView {
  const isWritable = room.role !== null && room.state === 'active' && !isBlocked;
  return { ...room, isWritable, activeAt: activeAt.toISOString() };
}

export function presentShopRoom({ title, createdAt, ...room }: ShopRoom): ShopRoomView {
  return { ...room, title: title!, createdAt: createdAt.toISOString() };
}

export function presentMember({ joinedAt, ...member }: RoomPerson): MemberView {
  return { ...member, joinedAt: joinedAt.toISOString() };
}

export function presentBlock({ createdAt, ...block }: BlockedPerson): BlockView {
  return { ...block, createdAt: createdAt.toISOString() };
}

export function presentReport(report: ReportedMessage): ReportView {
  const { deletedAt, createdAt, resolvedAt, resolvedBy: _resolvedBy, ...shown } = report;
  return {
    ...shown,
    isDeleted: deletedAt !== null,
    createdAt: createdAt.toISOString(),
    resolvedAt: resolvedAt?.toISOString() ?? null,
  };
}
