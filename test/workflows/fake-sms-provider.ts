import { oneByOne } from '../../activities/sms/one-by-one';
import type { SmsProvider, TemplateSms, TextSms } from '../../activities/sms/sms-provider';
import type { SmsProviders } from '../../activities/sms/sms-providers';
import type { ReceivedReport, ReportReading } from '../../activities/sms/sms-report-reader';
import type {
  CreditOutcome,
  FindOutcome,
  ReportOutcome,
  SendOutcome,
} from '../../workflows/sms/sms-provider.steps';

/** What a test lets the provider say in place of its own answers. Each is used once. */
interface PreparedSmsAnswers {
  send?: (SendOutcome | (() => Promise<SendOutcome>))[];
  report?: (ReportOutcome | (() => Promise<ReportOutcome>))[];
  find?: FindOutcome[];
  credit?: CreditOutcome[];
}

const NEVER = 3_600_000;

/** An SMS provider without a network. It accepts everything, and delivers what a test says was delivered. */
export class FakeSmsProvider implements SmsProvider {
  readonly codesBy = 'template';
  readonly referencesBy = [] as const;
  readonly reportsAfterMs: number[] = [NEVER];
  answers: PreparedSmsAnswers = {};
  /** What phones got, oldest first. */
  readonly sent: (TemplateSms | TextSms)[] = [];
  private count = 0;

  constructor(readonly name: string) {}

  reset(): void {
    this.answers = {};
    this.askAfter(NEVER);
    this.sent.length = 0;
  }

  /** When workflows ask for a delivery, in milliseconds after the send. By default they never do. */
  askAfter(...milliseconds: number[]): void {
    this.reportsAfterMs.splice(0, Infinity, ...milliseconds);
  }

  sendTemplate(sms: TemplateSms): Promise<SendOutcome> {
    return this.send(sms);
  }

  sendText(sms: TextSms): Promise<SendOutcome> {
    return this.send(sms);
  }

  async report(): Promise<ReportOutcome> {
    const prepared = this.answers.report?.shift();
    const answer = typeof prepared === 'function' ? await prepared() : prepared;
    return answer ?? { kind: 'report', state: 'delivered', code: '1' };
  }

  async find(): Promise<FindOutcome> {
    return this.answers.find?.shift() ?? { kind: 'not_found', isCertain: false };
  }

  async credit(): Promise<CreditOutcome> {
    return this.answers.credit?.shift() ?? { kind: 'credit', left: { amount: '1000', unit: 'credit' } };
  }

  /** Signed with the word `genuine`; the field `state` says where the message stands. */
  readReport({ fields, signature }: ReceivedReport): ReportReading {
    if (signature !== 'genuine') return { kind: 'forged' };
    const said = Object.fromEntries(fields) as { id: string; state: 'delivered' | 'failed' | 'undelivered' };
    return {
      kind: 'reported',
      providerMessageId: said.id,
      report: { kind: 'report', state: said.state, code: said.state },
    };
  }

  private async send(sms: TemplateSms | TextSms): Promise<SendOutcome> {
    const prepared = this.answers.send?.shift();
    const answer = typeof prepared === 'function' ? await prepared() : prepared;
    if (answer === undefined || answer.kind === 'accepted') this.sent.push(sms);
    this.count += 1;
    return answer ?? { kind: 'accepted', providerMessageId: `${this.name}-${this.count}` };
  }
}

/** Two providers of which the first signs its reports. */
export function fakeSmsProviders(): SmsProviders & { readonly all: readonly FakeSmsProvider[] } {
  const all = ['sms-ir', 'kavenegar'].map((name) => new FakeSmsProvider(name));
  return {
    all,
    names: all.map(({ name }) => name),
    named: (name) => all.find((one) => one.name === name)!,
    bulk: (name) =>
      oneByOne(
        all.find((one) => one.name === name)!,
        1_000,
      ),
    creditAlert: () => 100,
    reportReaders: new Map(all.slice(0, 1).map((one) => [one.name, one])),
  };
}
