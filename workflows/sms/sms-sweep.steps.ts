/** The steps of a sweep. They wake workflows and never send anything themselves. */
export interface SmsSweepSteps {
  /** Starts the workflows of messages that are not over, where they are missing, and wakes those with unjudged reports. */
  wakeLostMessages(): Promise<number>;
  /** Erases the variables of codes that are over, and the codes of erased people that no limit counts any more. */
  eraseExpiredCodes(): Promise<number>;
  /** Reads what is left of the credit at every provider. Returns those with too little, or without an answer. */
  readSmsCredit(): Promise<readonly string[]>;
}
