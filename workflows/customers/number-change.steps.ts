import type { WaitingNumberChange } from '../../entities/customers/lost-number';

/** One transaction. A repetition changes nothing. */
export interface NumberChangeSteps {
  carryOutNumberChange(input: { readonly changeId: string }): Promise<WaitingNumberChange>;
}
