import type { EntityManager } from 'typeorm';

import { SmsTemplate } from './sms-template';

/** More than a shop has. */
const TEMPLATES_AT_MOST = 500;

/** All templates, by key and language. */
export function readTemplates(manager: EntityManager): Promise<SmsTemplate[]> {
  return manager.find(SmsTemplate, { order: { key: 'ASC', language: 'ASC' }, take: TEMPLATES_AT_MOST });
}
