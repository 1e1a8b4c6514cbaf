import type { DeliveryReport } from '../../workflows/sms/sms-provider.steps';

/** A provider's call about a delivery, as the API has stored it. */
export interface ReceivedReport {
  /** The full address that the provider was given. */
  readonly url: string;
  /** Every field of the form, each as often as it came. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly signature: string | null;
}

/** `ignored` is genuine and says nothing about the delivery of a message of the shop. */
export type ReportReading =
  | { readonly kind: 'reported'; readonly providerMessageId: string; readonly report: DeliveryReport }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'forged' };

/**
 * Reads the callbacks of a provider that signs them. Pure: no network, no clock, no state. It never throws, whatever was
 * sent. It holds a credential, so only workers build it.
 */
export interface SmsReportReader {
  readReport(received: ReceivedReport): ReportReading;
}
