import type { Client } from '@temporalio/client';
import type { DataSource } from 'typeorm';

import { createCodePeppers } from '../../entities/auth/code-peppers';
import { deriveCode } from '../../entities/codes/derive-code';
import { CodesConfig } from '../../platform/config/codes';
import { SmsDeliveryConfig } from '../../platform/config/sms-delivery';
import { smsTiming } from '../../temporal/sms';
import { createVerificationCalls } from '../../temporal/verification';
import { ageCodes, askWith, buildVerification, type Asked } from './factories/verifications';

const DEADLINE_MS = 60_000;

/** The peppers of a shop in development. */
export const SHOP_PEPPERS = createCodePeppers(new CodesConfig().codePeppers);

/** Codes of a running shop, asked for as its API does. */
export function shopCodes({ database, temporal }: { database: DataSource; temporal: Client }) {
  const timing = smsTiming(Object.assign(new SmsDeliveryConfig(), { smsRetryFirstMs: 100 }));
  const calls = createVerificationCalls(temporal, timing, DEADLINE_MS);
  return {
    calls,
    async ask(asked: Asked = {}) {
      const input = askWith({ peppers: SHOP_PEPPERS, ...asked });
      const { verificationId: id } = await buildVerification(database, input);
      const { code } = (await deriveCode(database.manager, id, SHOP_PEPPERS))!;
      const { phone, purpose, accountId } = input;
      const typed = { verificationId: id, phone, purpose, accountId, code, peppers: SHOP_PEPPERS };
      return { id, phone, code, typed, age: (seconds: number) => ageCodes(database, phone, seconds) };
    },
  };
}
