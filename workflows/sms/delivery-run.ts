import { setCurrentDetails } from '@temporalio/workflow';

import type { MessageState } from '../../entities/sms/message-state';
import { Attention } from '../shared/attention';
import { localFirst } from '../shared/local-first';
import { Mailbox } from '../shared/mailbox';
import { providerCalls } from '../shared/provider-calls';
import { nextDeliveryTask, type DeliveryTask } from './delivery-agenda';
import { renderDelivery } from './delivery-view';
import type { SmsDecision, SmsDeliveryAnswer, SmsDeliveryInput } from './sms-delivery.contract';
import type { ReportSchedules, SmsDeliverySteps } from './sms-delivery.steps';
import type { SmsCalls } from './sms-provider.steps';

/** One transaction each. */
export const steps = localFirst<SmsDeliverySteps>();

export const provider = providerCalls<SmsCalls>({
  sendSms: 'send the message',
  findSms: 'look for a message whose send got no answer',
  readDeliveryReport: 'ask whether the message has arrived',
});

/** The subject of a blocker that keeps a message from being sent. */
export const SENDING = 'sending';

/** The code of the blocker of an ambiguous notice. */
export const AMBIGUOUS = 'sms.ambiguous';

/** What a message to the workflow asks of it. */
export type Request =
  | { readonly kind: 'retry' }
  | { readonly kind: 'give up'; readonly note: string }
  | { readonly kind: 'decide'; readonly decision: SmsDecision; readonly note: string }
  | { readonly kind: 'refresh' };

/** The message as the rows last said, the messages received, and what is remembered beside the rows. */
export class DeliveryRun {
  readonly mailbox = new Mailbox<Request, SmsDeliveryAnswer>();
  readonly attention: Attention;
  readonly askedAt = new Map<string, number>();
  /** The providers that were asked since the last pause. */
  tried: string[] = [];
  /** Pauses in a row, and when the last one ends. */
  pauses = 0;
  chooseAt = 0;
  reportsWait = false;
  private state?: MessageState;
  private schedules: ReportSchedules = {};

  constructor(readonly input: SmsDeliveryInput) {
    this.attention = new Attention(
      { messageId: input.messageId },
      () => this.mailbox.answerReady(),
      () => this.describe(),
    );
  }

  get message(): MessageState {
    if (!this.state) throw new Error('the message is not known yet');
    return this.state;
  }

  /** Whether Postgres knows the message. */
  get isKnown(): boolean {
    return this.state !== undefined;
  }

  nextTask(): DeliveryTask | undefined {
    const { askedAt, chooseAt, schedules, reportsWait } = this;
    const { timing } = this.input;
    const isLeftToPerson = this.attention.codeOf(SENDING) === AMBIGUOUS;
    const memory = { timing, schedules, askedAt, chooseAt, reportsWait, isLeftToPerson };
    return nextDeliveryTask(this.message, memory);
  }

  /** Follows the message as a step returned it. One that no longer waits for a provider or a person needs nobody. */
  follow(message: MessageState): MessageState {
    this.state = message;
    const { status } = message;
    if (status !== 'queued' && status !== 'sending' && status !== 'ambiguous')
      this.attention.resolve(SENDING);
    this.describe();
    return message;
  }

  /** Reads the rows again. */
  async refresh(): Promise<void> {
    const { message, schedules } = await steps.readMessage({ messageId: this.input.messageId });
    this.schedules = schedules;
    this.reportsWait = false;
    if (message) this.follow(message);
  }

  /** Everything that pauses is tried at once. */
  retryNow(): void {
    this.tried = [];
    this.chooseAt = 0;
    this.askedAt.clear();
  }

  private describe(): void {
    setCurrentDetails(renderDelivery(this.input.messageId, this.state, this.attention.all));
  }
}
