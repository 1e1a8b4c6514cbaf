import { reportMessage } from '../../../entities/chat/report-message';
import { buildDirect, say } from '../../support/factories/chat';
import type { StaffCalls, StaffWorld } from './staff-call';

/** Rooms of the shop, and what people have reported. */
export function chatCalls({ shop }: StaffWorld): StaffCalls {
  return {
    'POST /chat/shop-rooms': () => ({ body: { title: 'پیشنهادهای روز' } }),
    'POST /chat/reports/:id/resolution': async () => {
      const { roomId, one, other } = await buildDirect(shop);
      const { seq } = await say(shop, one, roomId, 'Buy now');
      await shop.run((transaction) =>
        reportMessage(transaction, other, { roomId, seq, reason: 'spam', note: '' }),
      );
      const { id } = (
        await shop.database.query('SELECT id FROM reports WHERE room_id = $1', [roomId])
      )[0] as {
        id: string;
      };
      return { path: `/chat/reports/${id}/resolution`, body: { resolution: 'dismissed' } };
    },
  };
}
