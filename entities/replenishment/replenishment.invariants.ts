import { journalHasNoGaps } from '../events/journal-has-no-gaps';
import type { Invariant } from '../invariant';
import { REPLENISHMENT } from './replenishment.events';

/** What holds at every instant for reordering. */
export const REPLENISHMENT_INVARIANTS: readonly Invariant[] = [journalHasNoGaps(REPLENISHMENT)];
