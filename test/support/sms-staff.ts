import { WorkflowNotFoundError } from '@temporalio/client';
import type { DataSource } from 'typeorm';

import type { SmsAttemptView, SmsMessageView } from '../../api/sms/sms.view';
import { newId } from '../../entities/values/uuid';
import { retry, smsDeliveryWorkflowId, wake } from '../../workflows/sms/sms-delivery.contract';
import { eventually } from './eventually';
import { buildCaller, type BuiltCaller } from './factories/callers';
import type { Shop } from './shop';
import { rows } from './sql';

/** What staff ask for. */
export interface AskedSms {
  readonly to: string;
  readonly template?: string;
  readonly language?: string;
  readonly variables?: Readonly<Record<string, string>>;
}

let phones = 0;

/** A number that no other test of this process uses. */
export function newPhone(): string {
  phones += 1;
  return `+98912${String(3_000_000 + phones)}`;
}

/** Staff who send messages through the API of a shop, and follow them. */
export function smsStaff(shop: Pick<Shop, 'url' | 'accessToken' | 'database' | 'temporal'>) {
  let caller: Promise<BuiltCaller> | undefined;
  const call = async (method: string, path: string, body?: object, key = newId()) => {
    const response = await fetch(`${shop.url}/api/v1/sms${path}`, {
      method,
      headers: {
        ...(await (caller ??= buildCaller(shop, { roles: ['staff'] }))).headers,
        'Idempotency-Key': key,
        'Content-Type': 'application/json',
      },
      body: body && JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as SmsMessageView };
  };
  const read = async (id: string): Promise<SmsMessageView> => (await call('GET', `/messages/${id}`)).body;
  const ask = (asked: AskedSms, key = newId()) => call('POST', '/messages', asked, key);

  /** A busy machine may be too slow to start the workflow at once, so it is asked for again. */
  async function send(asked: AskedSms): Promise<string> {
    const key = newId();
    const { body } = await eventually(
      () => ask(asked, key),
      ({ body: { status } }) => status !== 'queued',
    );
    return body.id;
  }

  return {
    ask,
    read,
    send,
    code: (to: string, code = '48213975') => send({ to, template: 'sign_in_code', variables: { code } }),
    notice: (to: string, number = '100042') => send({ to, template: 'order_paid', variables: { number } }),
    /** Waits for a status. On a slow machine what was accepted may already be delivered. */
    until: (id: string, status: SmsMessageView['status']) =>
      eventually(
        () => read(id),
        (message) => message.status === status || (status === 'accepted' && message.status === 'delivered'),
      ),
    untilSends: (id: string, sends: readonly string[]) =>
      eventually(
        () => read(id),
        (message) => tellSends(message).join() === sends.join(),
      ),
    /** Lets minutes pass since the answers to a message's sends, so that its workflow asks what became of it. */
    async lookNow(id: string, minutes = 2): Promise<void> {
      await letTimePass(shop.database, id, minutes);
      await shop.temporal.workflow
        .getHandle(smsDeliveryWorkflowId(id))
        .signal(wake)
        .catch((error: unknown) => {
          // It has asked by itself meanwhile.
          if (!(error instanceof WorkflowNotFoundError)) throw error;
        });
    },
    /** Lets two minutes pass since a send that has no answer, and has it looked for at once. A call that is as old has ended. */
    async lookAgain(id: string): Promise<void> {
      await letTimePass(shop.database, id, 2);
      await shop.temporal.workflow.getHandle(smsDeliveryWorkflowId(id)).executeUpdate(retry);
    },
  };
}

async function letTimePass(database: DataSource, messageId: string, minutes: number): Promise<void> {
  await rows(
    database.manager,
    `UPDATE sms_attempts SET called_at = called_at - $2 * interval '1 minute',
       answered_at = answered_at - $2 * interval '1 minute' WHERE message_id = $1`,
    [messageId, minutes],
  );
}

/** Each send in a few words: `sms-ir template unknown`. */
export function tellSends({ attempts }: Pick<SmsMessageView, 'attempts'>): string[] {
  return attempts.map(
    ({ provider, operation, status, refusal, code }: SmsAttemptView) =>
      `${provider} ${operation} ${status}${refusal === null ? '' : ` ${refusal} ${code}`}`,
  );
}
