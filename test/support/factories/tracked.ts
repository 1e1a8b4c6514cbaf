import { randomBytes, randomUUID } from 'node:crypto';

import { TrackingBatchInput } from '../../../entities/analytics/tracking.input';
import { readInput } from '../../../entities/input/read-input';

/** The id that a browser makes at an instant by its clock: a UUIDv7. */
export function trackedIdAt(instant: Date): string {
  const time = instant.getTime().toString(16).padStart(12, '0');
  const random = randomBytes(10).toString('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-8${random.slice(3, 6)}-${random.slice(6, 18)}`;
}

/** A page view as a browser sends it. */
export const viewAt = (instant: Date) => ({ id: trackedIdAt(instant), name: 'page_view', page: 'home' });

/** What a browser sends, read as the API reads it. */
export function buildBatch(events: readonly object[], session: string = randomUUID()): TrackingBatchInput {
  return readInput(TrackingBatchInput, { session, events }, 'body');
}
