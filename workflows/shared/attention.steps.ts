/** A problem that a person must hear about. */
export interface Alert {
  /** Ids of what the problem is about, for the log: nothing personal. */
  readonly about: Readonly<Record<string, string>>;
  readonly problem: string;
  readonly code: string;
}

/** The step that alerts a person. */
export interface AttentionSteps {
  raiseAlert(alert: Alert): Promise<void>;
}
