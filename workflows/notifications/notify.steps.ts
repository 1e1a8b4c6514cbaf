/** What to do after messages were requested. */
export interface Delivered {
  /** Messages whose delivery may not have begun. */
  readonly messageIds: readonly string[];
  /** How long until the next look, in milliseconds. Null: nothing waits. */
  readonly lookAgainInMs: number | null;
}

/** Each is one transaction or a few starts of workflows. A repetition tells nobody twice. */
export interface NotifySteps {
  deliverNotifications(input: { readonly boxId: string }): Promise<Delivered>;
  /** Starts the workflow of each message. */
  startNotificationMessages(input: { readonly messageIds: readonly string[] }): Promise<void>;
}
