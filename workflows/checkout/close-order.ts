import { steps, type Story } from './story';

/** The undo of placing: it takes the key of its do, so a placing that arrives late does nothing. */
export async function closeOrder(story: Story, as: 'expired' | 'cancelled'): Promise<void> {
  const closed = await steps.closeOrder({ orderId: story.input.orderId, placeKey: story.key('place'), as });
  if (closed) story.follow(closed);
}
