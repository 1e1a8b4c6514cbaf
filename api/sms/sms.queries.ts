import type { EntityManager } from 'typeorm';

import { SmsMessage } from '../../entities/sms/sms-message';

/** The number of a message, for those who may see a part of it. */
export async function readRecipient(manager: EntityManager, messageId: string): Promise<string | undefined> {
  const message = await manager.findOne(SmsMessage, {
    select: { recipient: true },
    where: { id: messageId },
  });
  return message?.recipient;
}
