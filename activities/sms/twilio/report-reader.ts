import type { SmsReportReader } from '../sms-report-reader';
import { readReport } from './report';
import { isSignedByTwilio } from './signature';

/** Reads Twilio's status callbacks: https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks */
export function createTwilioReportReader(authToken: string): SmsReportReader {
  return {
    readReport(received) {
      if (!isSignedByTwilio(authToken, received)) return { kind: 'forged' };
      const fields = new Map(received.fields);
      const providerMessageId = fields.get('MessageSid') ?? fields.get('SmsSid');
      const report = readReport(
        fields.get('MessageStatus') ?? fields.get('SmsStatus'),
        fields.get('ErrorCode'),
      );
      if (providerMessageId === undefined || report === undefined) return { kind: 'ignored' };
      return { kind: 'reported', providerMessageId, report };
    },
  };
}
