import { TitledRoomInput } from '../../entities/chat/chat.input';
import { presentRoom } from '../../entities/chat/chat.presenter';
import { openShopRoom } from '../../entities/chat/open-room';
import { readRoom, readSupportRooms } from '../../entities/chat/read-rooms';
import { readOpenReports, resolveReport, type ReportedMessage } from '../../entities/chat/report-message';
import { RoomView } from '../../entities/chat/room.view';
import { derivedId } from '../../entities/values/uuid';
import { withTransaction } from '../../platform/transaction';
import { readCursor, writeCursor } from '../catalog/cursor';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { requireIdempotencyKey } from '../middleware/idempotency-key';
import { may } from '../middleware/may';
import { validate, validateParams, validateQuery } from '../middleware/validate';
import { PageQuery } from '../page.input';
import type { StaffRouter } from '../router-kinds';
import { chatActorOf } from './chat-caller';
import { ResolveReportInput, RoomParams, SupportRoomsQuery } from './chat.input';
import { ReportsView, ReportView, RoomsView } from './chat.view';

const REPORTS = { reports: 'open' };

/** Rooms that the shop answers for, and what people have reported. */
export function staffChatRoutes(router: StaffRouter, { database }: Pick<Dependencies, 'database'>): void {
  router.get(
    '/chat/support-rooms',
    [
      describeRoute({
        operation: 'listSupportRooms',
        tag: 'chat',
        summary: 'The open rooms of customers with the shop, the longest quiet first',
        answers: { 200: RoomsView },
        errors: ['catalog.cursor_invalid'],
      }),
      may('chat.support'),
      validateQuery(SupportRoomsQuery),
    ],
    async (ctx) => {
      const { caller, query } = ctx.state;
      const { cursor, limit, waiting } = query;
      const list = { rooms: 'support', waiting };
      const after = cursor === undefined ? undefined : readCursor(list, cursor);
      const part = { after, limit: limit + 1, isWaiting: waiting };
      const found = await readSupportRooms(database.manager, caller, part);
      const page = found.slice(0, limit);
      const last = found.length > limit ? page.at(-1) : undefined;
      const nextCursor = last ? writeCursor(list, { key: last.activeAt.getTime(), id: last.id }) : null;
      return { status: 200, body: { items: page.map(presentRoom), nextCursor } };
    },
  );

  router.post(
    '/chat/shop-rooms',
    [
      describeRoute({
        operation: 'openShopRoom',
        tag: 'chat',
        summary: 'Open a room that everybody can join and staff moderate',
        answers: { 201: RoomView, 200: RoomView },
      }),
      may('chat.moderate'),
      requireIdempotencyKey(),
      validate(TitledRoomInput),
    ],
    async (ctx) => {
      const { caller, idempotencyKey, input } = ctx.state;
      const actor = chatActorOf(ctx.state);
      const roomId = derivedId('shop-room', caller.accountId, idempotencyKey);
      const { isNew } = await withTransaction(database, (transaction) =>
        openShopRoom(transaction, actor, { roomId, ...input }),
      );
      const room = await readRoom(database.manager, actor, roomId);
      return { status: isNew ? 201 : 200, body: presentRoom(room) };
    },
  );

  router.get(
    '/chat/reports',
    [
      describeRoute({
        operation: 'listReports',
        tag: 'chat',
        summary: 'Messages that people have reported and nobody has looked at, the oldest first',
        answers: { 200: ReportsView },
        errors: ['catalog.cursor_invalid'],
      }),
      may('chat.report_read'),
      validateQuery(PageQuery),
    ],
    async (ctx) => {
      const { cursor, limit } = ctx.state.query;
      const after = cursor === undefined ? null : readCursor(REPORTS, cursor).id;
      const found = await readOpenReports(database.manager, { after, limit: limit + 1 });
      const page = found.slice(0, limit);
      const last = found.length > limit ? page.at(-1) : undefined;
      const nextCursor = last ? writeCursor(REPORTS, { key: 0, id: last.id }) : null;
      return { status: 200, body: { items: page.map(presentReport), nextCursor } };
    },
  );

  router.post(
    '/chat/reports/:id/resolution',
    [
      describeRoute({
        operation: 'resolveReport',
        tag: 'chat',
        summary: 'Resolve all reports of a message: leave it, delete it, or archive its room',
        answers: { 200: ReportView },
        errors: ['chat.report_resolved'],
      }),
      may('chat.report_resolve'),
      validateParams(RoomParams, 'chat.report_not_found'),
      validate(ResolveReportInput),
    ],
    async (ctx) => {
      const { params, input } = ctx.state;
      const report = await withTransaction(database, (transaction) =>
        resolveReport(transaction, chatActorOf(ctx.state), { reportId: params.id, ...input }),
      );
      return { status: 200, body: presentReport(report) };
    },
  );
}

function presentReport(report: ReportedMessage): ReportView {
  const { deletedAt, createdAt, resolvedAt, resolvedBy: _resolvedBy, ...shown } = report;
  return {
    ...shown,
    isDeleted: deletedAt !== null,
    createdAt: createdAt.toISOString(),
    resolvedAt: resolvedAt?.toISOString() ?? null,
  };
}
