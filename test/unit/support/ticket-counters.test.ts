import { expect, test } from 'vitest';

import type { JournalEvent } from '../../../entities/events/read-journal';
import { createMetrics } from '../../../platform/metrics';
import { relayMetrics } from '../../../workers/relay/relay-metrics';

const staffEvent = (type: string, payload: object | null, aggregateType = 'ticket_staff') =>
  ({ aggregateType, type, payload }) as JournalEvent;

test('the relay counts what becomes of clocks, and how tickets come to people', async () => {
  const metrics = createMetrics();
  relayMetrics(metrics, () => 0).handled([
    staffEvent('ticket_staff.clock_warned', { kind: 'first_response', round: 1 }),
    staffEvent('ticket_staff.clock_breached', { kind: 'next_response', round: 2 }),
    staffEvent('ticket_staff.clock_breached', { kind: 'next_response', round: 3 }),
    staffEvent('ticket_staff.clock_escalated', { kind: 'resolution', round: 1 }),
    staffEvent('ticket_staff.assigned', { assigneeId: 'a', isOwn: false, isHandedOut: true }),
    staffEvent('ticket_staff.assigned', { assigneeId: 'a', isOwn: true, isHandedOut: false }),
    staffEvent('ticket_staff.assigned', { assigneeId: 'a', isOwn: false }),
    staffEvent('ticket_staff.assigned', { assigneeId: null }),
    // What is older than this code, or of something else, is no label.
    staffEvent('ticket_staff.clock_warned', { kind: 'lunch' }),
    staffEvent('ticket_staff.clock_warned', null),
    staffEvent('ticket_staff.noted', { seq: 1 }),
    staffEvent('ticket_staff.assigned', { assigneeId: null }, 'ticket'),
  ]);
  const read = async (name: string) => {
    const { values } = await metrics.registry.getSingleMetric(name)!.get();
    return Object.fromEntries(values.map(({ labels, value }) => [Object.values(labels).join(' '), value]));
  };
  expect(await read('asoud_ticket_clocks_total')).toEqual({
    'first_response warned': 1,
    'next_response breached': 2,
    'resolution escalated': 1,
  });
  expect(await read('asoud_ticket_assignments_total')).toEqual({
    ...{ handed_out: 1, taken: 1 },
    ...{ given: 1, put_back: 1 },
  });
  expect((await read('relay_events_total'))['']).toBe(12);
});
