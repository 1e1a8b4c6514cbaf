import { randomUUID } from 'node:crypto';

import { MIGRATIONS, SHOP_ENTITIES } from '../entities/data-source';
import { readMessageState, type MessageState } from '../entities/sms/message-state';
import { readTemplates } from '../entities/sms/read-templates';
import { requestMessage, smsMessageIdOf, smsRequestDigest } from '../entities/sms/request-message';
import type { SmsLanguage } from '../entities/sms/sms-status';
import type { SmsTemplate } from '../entities/sms/sms-template';
import { phoneNumber } from '../entities/values/phone-number';
import { DatabaseConfig } from '../platform/config/database';
import type { Environment } from '../platform/config/environment';
import { loadConfig } from '../platform/config/load-config';
import { SmsMessagesConfig } from '../platform/config/sms';
import { SmsDeliveryConfig } from '../platform/config/sms-delivery';
import { TemporalConfig } from '../platform/config/temporal';
import { openPostgres } from '../platform/postgres';
import { withTransaction } from '../platform/transaction';
import { createTemporalClient } from '../temporal/connection';
import { createSmsDeliveryCalls, smsTiming } from '../temporal/sms';

/** A message that a command sends. */
export interface CommandMessage {
  /** A mobile number in any spelling. */
  readonly to: string;
  readonly template: string;
  readonly language: SmsLanguage;
  readonly variables: Readonly<Record<string, string>>;
}

/** Sends messages for whoever can write the rows of the shop and reach its Temporal, which is why nobody signs in. */
export interface MessageDesk {
  templates(): Promise<SmsTemplate[]>;
  /** @throws AppError as staff get it; Error while Temporal is away */
  send(message: CommandMessage): Promise<MessageState>;
  read(id: string): Promise<MessageState>;
  close(): Promise<void>;
}

/** Who asked, in the row of the message. */
const COMMAND = 'command';

export async function openMessageDesk(environment: Environment): Promise<MessageDesk> {
  const config = loadConfig(
    {
      database: DatabaseConfig,
      temporal: TemporalConfig,
      smsMessages: SmsMessagesConfig,
      smsDelivery: SmsDeliveryConfig,
    },
    environment,
  );
  const database = await openPostgres(
    { ...config.database, databasePoolSize: 1 },
    { entities: SHOP_ENTITIES, migrations: MIGRATIONS },
    'asoud-sms',
  );
  const temporal = createTemporalClient(config.temporal);
  const { temporalDeadlineMs } = config.temporal;
  const calls = createSmsDeliveryCalls(temporal.client, smsTiming(config.smsDelivery), temporalDeadlineMs);
  const { smsStrictNumbers, smsCodeLifetimeMs: codeLifetimeMs } = config.smsMessages;
  return {
    templates: () => readTemplates(database.manager),
    async send({ to, ...content }) {
      const recipient = phoneNumber(to, { isStrict: smsStrictNumbers });
      if (recipient === undefined) throw new Error('--to is no mobile number that the shop sends to.');
      const messageId = smsMessageIdOf(COMMAND, randomUUID());
      const requestDigest = smsRequestDigest({ recipient, ...content });
      const { message } = await withTransaction(database, (transaction) =>
        requestMessage(transaction, {
          messageId,
          ...content,
          recipient,
          requestedBy: COMMAND,
          requestDigest,
          codeLifetimeMs,
        }),
      );
      const started = await calls.start(messageId);
      if (started.kind !== 'answered')
        throw new Error('The message is stored, but Temporal is away: the sweep will send it later.');
      return message;
    },
    async read(id) {
      const message = await readMessageState(database.manager, id);
      if (!message) throw new Error(`The message ${id} is gone.`);
      return message;
    },
    async close() {
      await temporal.close();
      await database.destroy();
    },
  };
}
