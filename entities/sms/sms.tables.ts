import { SmsAttempt } from './sms-attempt';
import { SmsBreaker } from './sms-breaker';
import { SmsMessage } from './sms-message';
import { SmsReport } from './sms-report';
import { SmsTemplate, SmsTemplateBinding } from './sms-template';

/** The tables of SMS. */
export const SMS_TABLES = [SmsTemplate, SmsTemplateBinding, SmsMessage, SmsAttempt, SmsReport, SmsBreaker];
