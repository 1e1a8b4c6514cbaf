import { AppError } from '../../entities/errors';
import { readMessageState } from '../../entities/sms/message-state';
import { readTemplates } from '../../entities/sms/read-templates';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { requireIdempotencyKey } from '../middleware/idempotency-key';
import { may } from '../middleware/may';
import { validate, validateParams } from '../middleware/validate';
import type { StaffRouter } from '../router-kinds';
import { actorOf } from '../staff/acting';
import { sendSms } from './send-sms';
import { SendSmsInput, SmsMessageParams } from './sms.input';
import { presentMessage } from './sms.presenter';
import { readRecipient } from './sms.queries';
import { SmsMessageView, SmsTemplatesView } from './sms.view';

/** Messages that staff send, and what became of each. */
export function smsRoutes(
  router: StaffRouter,
  dependencies: Pick<Dependencies, 'database' | 'smsDelivery' | 'smsConfig'>,
): void {
  const { database } = dependencies;

  router.post(
    '/sms/messages',
    [
      describeRoute({
        operation: 'sendSms',
        tag: 'sms',
        summary: 'Send a message by a template',
        description:
          'Stores the message and answers at once. Which provider takes it, and whether it arrived, is told by the message itself a little later.',
        answers: { 201: SmsMessageView, 200: SmsMessageView },
        errors: [
          'sms.recipient_invalid',
          'sms.template_unknown',
          'sms.variables_invalid',
          'request.idempotency_key_reused',
        ],
      }),
      may('sms.send'),
      requireIdempotencyKey(),
      validate(SendSmsInput),
    ],
    async (ctx) => {
      const { idempotencyKey, input, log } = ctx.state;
      const asked = { ...input, idempotencyKey, log, actor: actorOf(ctx.state) };
      const { message, recipient, isNew } = await sendSms(dependencies, asked);
      return { status: isNew ? 201 : 200, body: presentMessage(message, recipient) };
    },
  );

  router.get(
    '/sms/messages/:id',
    [
      describeRoute({
        operation: 'getSmsMessage',
        tag: 'sms',
        summary: 'A message with every send of it',
        answers: { 200: SmsMessageView },
        errors: ['sms.not_found'],
        params: SmsMessageParams,
      }),
      may('sms.read'),
      validateParams(SmsMessageParams),
    ],
    async (ctx) => {
      const { id = '' } = ctx.params;
      const message = await readMessageState(database.manager, id);
      const recipient = message && (await readRecipient(database.manager, id));
      if (!message || recipient === undefined) throw new AppError('sms.not_found');
      return { status: 200, body: presentMessage(message, recipient) };
    },
  );

  router.get(
    '/sms/templates',
    [
      describeRoute({
        operation: 'listSmsTemplates',
        tag: 'sms',
        summary: 'Every template, with its variables',
        answers: { 200: SmsTemplatesView },
      }),
      may('sms.read'),
    ],
    async () => {
      const templates = await readTemplates(database.manager);
      const items = templates.map(({ key, language, kind, text, variables }) => ({
        key,
        language,
        kind,
        text,
        variables,
      }));
      return { status: 200, body: { items } };
    },
  );
}
