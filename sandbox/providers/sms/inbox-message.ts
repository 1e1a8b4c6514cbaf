/** A message in the inbox that all SMS sandboxes share: what a phone would show, and what became of it. */
export interface InboxMessage {
  /** Unique among all sandboxes: `kavenegar:8700001`. */
  readonly id: string;
  readonly provider: string;
  /** E.164. */
  readonly to: string;
  /** The line or number that it came from. */
  readonly from: string;
  readonly text: string;
  /** Milliseconds since the epoch, on the provider's clock. */
  readonly sentAt: number;
  readonly state: 'pending' | 'delivered' | 'undelivered' | 'failed';
  /** The provider's name of the template, when it was sent by one. */
  readonly template?: string;
}

/** A sandbox whose messages the inbox shows, newest first. */
export interface InboxSource {
  messages(): readonly InboxMessage[];
}
