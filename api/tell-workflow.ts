import type { Logger } from '../platform/logger';
import type { CallResult } from '../temporal/call-workflow';

/**
 * Has a workflow look at rows that were changed. The change stands whether the workflow hears of it or not: the relay or the sweep wakes it.
 *
 * @param ids what was changed, for the log
 */
export async function tellWorkflow(
  log: Logger,
  ids: Readonly<Record<string, string>>,
  look: () => Promise<CallResult<void>>,
): Promise<void> {
  const told = await look();
  if (told.kind === 'unavailable')
    log.warn({ ...ids, err: told.cause }, 'no workflow heard of a change: the relay or the sweep wakes it');
}
