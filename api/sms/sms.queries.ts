import type { EntityManager } from 'typeorm';

import { SmsMessage } from '../../entities/sms/sms-message';
import { SmsTemplate } from '../../entities/sms/sms-template';

/** More than a shop has. */
const TEMPLATES_AT_MOST = 500;

/** The number of a message, for those who may see a part of it. */
export async function readRecipient(manager: EntityManager, messageId: string): Promise<string | undefined> {
  const message = await manager.findOne(SmsMessage, {
    select: { recipient: true },
    where: { id: messageId },
  });
  return message?.recipient;
}

/** All templates, by key and language. */
export function readTemplates(manager: EntityManager): Promise<SmsTemplate[]> {
  return manager.find(SmsTemplate, { order: { key: 'ASC', language: 'ASC' }, take: TEMPLATES_AT_MOST });
}
