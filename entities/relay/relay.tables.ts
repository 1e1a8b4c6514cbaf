import { ParkedSignal } from './parked-signal';

/** The tables of the relay from the journal to workflows. Its cursor is in `journal_cursors`. */
export const RELAY_TABLES = [ParkedSignal];
