/** The steps of the jobs around reordering. Each goes on where its last attempt stopped, and repeating it changes nothing. */
export interface UpkeepSteps {
  /** Rolls up what is new and the last three days again. Returns how many days. */
  rollUpDemandOfDays(): Promise<number>;
  /** Computes the shop's profile, then every policy. Returns how many policies. */
  computeAllPolicies(): Promise<number>;
  /** Asks for a look at every variant in need. */
  lookAtNeeds(): Promise<{ readonly policies: number; readonly asked: number }>;
}
