import type { BeginAttempt, BegunAttempt } from '../../entities/sms/begin-attempt';
import type { CloseMessage } from '../../entities/sms/close-message';
import type { MessageState } from '../../entities/sms/message-state';
import type { RecordDeliveryReport } from '../../entities/sms/record-delivery';
import type { RecordFindOutcome, RecordSendOutcome } from '../../entities/sms/record-outcome';

/** When each provider is asked where a delivery stands, in milliseconds after the send. */
export type ReportSchedules = Readonly<Record<string, readonly number[]>>;

interface OneMessage {
  readonly messageId: string;
}

/** Steps that read or change rows. Each is one transaction, compares and sets, and returns the message as it is now. */
export interface SmsDeliverySteps {
  readMessage(
    input: OneMessage,
  ): Promise<{ readonly message: MessageState | null; readonly schedules: ReportSchedules }>;
  beginSmsAttempt(input: BeginAttempt): Promise<BegunAttempt>;
  recordSendOutcome(input: RecordSendOutcome): Promise<MessageState>;
  recordFindOutcome(input: RecordFindOutcome): Promise<MessageState>;
  markAmbiguous(input: OneMessage): Promise<MessageState>;
  recordDeliveryReport(input: RecordDeliveryReport): Promise<MessageState>;
  /** Checks the signatures of stored reports and applies the genuine ones. */
  judgeReports(input: OneMessage): Promise<MessageState>;
  closeMessage(input: CloseMessage): Promise<MessageState>;
}
