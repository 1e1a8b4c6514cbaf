import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { approveCampaign } from '../../entities/campaigns/approve-campaign';
import { requireCampaignState } from '../../entities/campaigns/campaign-state';
import { changeProfile } from '../../entities/customers/change-profile';
import { ROUTES } from '../../workers/relay/routes';
import { CAMPAIGN_QUEUE, CAMPAIGN_SWEEP_WORKFLOW } from '../../workflows/campaigns/campaign.contract';
import { buildRunningCampaign } from '../support/campaign-workflows';
import { eventually } from '../support/eventually';
import { buildAccount } from '../support/factories/accounts';
import { buildWilling, CAMPAIGN_PRICES, type WillingCustomer } from '../support/factories/campaigns';
import { relayOf } from '../support/relay';
import { rows } from '../support/sql';
import { buildGate } from './gate';
import { openWorkflowShop, type WorkflowShop } from './workflow-shop';

const PEOPLE = 12;

let shop: WorkflowShop;
let people: WillingCustomer[];
beforeAll(async () => {
  shop = await openWorkflowShop();
  people = await buildWilling(shop.database, PEOPLE);
});
afterAll(async () => {
  await shop?.assertInvariantsHold();
  await shop?.close();
});
beforeEach(() => shop.reset());

type Running = Awaited<ReturnType<typeof buildRunningCampaign>>;

/** Nobody got it twice. */
function expectOnce(campaign: Running, count: number) {
  const sent = campaign.sent();
  expect(new Set(sent).size).toBe(sent.length);
  expect(sent).toHaveLength(count);
}

/** Lets a provider that has failed be called again at once. */
function endRests() {
  shop.before.set('recordCampaignBatch', () => {
    shop.campaigns.clock = () => new Date(Date.now() - 3_600_000);
  });
  shop.after.set('recordCampaignBatch', () => {
    shop.campaigns.clock = () => new Date();
  });
}

test('it runs to its end, each gets it once with a link of their own, and its history names nobody', async () => {
  const campaign = await buildRunningCampaign(shop);
  await campaign.look();
  expect(await campaign.handle.result()).toBe('done');
  expect((await campaign.state()).counts).toMatchObject({ recipients: PEOPLE, delivered: PEOPLE });
  expectOnce(campaign, PEOPLE);
  const texts = shop.smsProviders[0]!.sent.map((sms) => ('text' in sms ? sms.text : ''));
  expect(new Set(texts).size).toBe(PEOPLE);
  expect(texts[0]).toMatch(/^حراج نوروزی\nلغو: https:\/\/shop\.example\/u\/[0-9a-z]{6}-[\w-]{12}$/);

  const { events } = await campaign.handle.fetchHistory();
  const payloads = JSON.stringify(events, (key, value: unknown) =>
    key === 'data' && value instanceof Uint8Array ? Buffer.from(value).toString() : value,
  );
  expect(payloads).toContain(campaign.id);
  expect(payloads).not.toContain('حراج');
  for (const { id, phone } of people) {
    expect(payloads).not.toContain(phone.slice(3));
    expect(payloads).not.toContain(id);
  }
});

test('lost answers of single messages are looked for, found or left ambiguous, and never sent again', async () => {
  const campaign = await buildRunningCampaign(shop);
  const countUnanswered = async () => {
    const { values } = await shop.metrics.counter('asoud_campaign_messages_total', '').get();
    return values.find(({ labels }) => labels['outcome'] === 'unknown')?.value ?? 0;
  };
  const before = await countUnanswered();
  const lost = { kind: 'unknown', message: 'no answer' } as const;
  shop.smsProviders[0]!.answers = {
    send: [lost, lost],
    find: [{ kind: 'found', providerMessageId: 'found-1' }],
  };
  await campaign.look();
  expect(await campaign.handle.result()).toBe('done');
  const { counts } = await campaign.state();
  expect(counts).toMatchObject({ ambiguous: 1, delivered: PEOPLE - 1 });
  expectOnce(campaign, PEOPLE - 2);
  expect((await countUnanswered()) - before).toBe(2);
});

test('a provider that answers no call costs few people the message, and then a person is asked', async () => {
  shop.campaigns.atMost = 2;
  const campaign = await buildRunningCampaign(shop);
  shop.smsProviders[0]!.answers = {
    send: Array.from({ length: PEOPLE }, () => ({ kind: 'unknown', message: 'no answer (timeout)' })),
  };
  endRests();
  await campaign.look();
  const paused = await campaign.until(({ status, lost }) => status === 'paused' && lost === null);
  expect(paused).toMatchObject({ pauseReason: 'provider', counts: { ambiguous: 6, pending: PEOPLE - 6 } });
  const { searchAttributes } = await campaign.handle.describe();
  expect(searchAttributes['NeedsAttention']).toEqual([true]);
  shop.smsProviders[0]!.answers = {};
  await campaign.resume();
  expect(await campaign.handle.result()).toBe('done');
  expect((await campaign.state()).counts).toMatchObject({ ambiguous: 6, delivered: PEOPLE - 6 });
});

test('workers that stop in a call and a record whose answer is lost cost nobody a second message', async () => {
  const campaign = await buildRunningCampaign(shop);
  // The provider has it, and the answer of the step never arrives.
  shop.after.set('sendCampaignBatch', () => {
    shop.after.delete('sendCampaignBatch');
    throw new Error('the answer is lost');
  });
  endRests();
  const endRest = shop.after.get('recordCampaignBatch')!;
  shop.after.set('recordCampaignBatch', (run) => {
    shop.after.set('recordCampaignBatch', endRest);
    void endRest(run);
    throw new Error('the answer is lost');
  });
  await campaign.look();
  await campaign.until(({ counts }) => counts.accepted + counts.delivered > 0);
  await shop.stopWorkers();
  await shop.startWorkers();
  expect(await campaign.handle.result()).toBe('done');
  const { counts } = await campaign.state();
  expect(counts).toMatchObject({ ambiguous: 5, delivered: PEOPLE - 5 });
  expectOnce(campaign, PEOPLE);
});

test('a worker that stops before the right to call is taken costs nobody the message', async () => {
  const campaign = await buildRunningCampaign(shop);
  shop.before.set('sendCampaignBatch', () => {
    shop.before.delete('sendCampaignBatch');
    throw new Error('the worker is killed');
  });
  endRests();
  await campaign.look();
  expect(await campaign.handle.result()).toBe('done');
  expect((await campaign.state()).counts).toMatchObject({ ambiguous: 0, delivered: PEOPLE });
  expectOnce(campaign, PEOPLE);
});

test('a call that was claimed too slowly to end within its step is not made, and is begun again', async () => {
  const campaign = await buildRunningCampaign(shop);
  endRests();
  shop.before.set('sendCampaignBatch', () => {
    shop.before.delete('sendCampaignBatch');
    let reads = 0;
    // Ten seconds pass once the claim has begun.
    shop.campaigns.clock = () => new Date(Date.now() - (reads++ < 2 ? 10_000 : 0));
  });
  await campaign.look();
  expect(await campaign.handle.result()).toBe('done');
  const calls = await rows<{ status: string }>(
    shop.database.manager,
    'SELECT status FROM campaign_batches WHERE campaign_id = $1 ORDER BY ordinal',
    [campaign.id],
  );
  expect(calls[0]).toEqual({ status: 'not_sent' });
  expect((await campaign.state()).counts).toMatchObject({ ambiguous: 0, delivered: PEOPLE });
  expectOnce(campaign, PEOPLE);
});

test('through a provider that the shop has no more nothing is sent, and nothing is asked', async () => {
  const campaign = await buildRunningCampaign(shop);
  const leave = (ordinal: number) =>
    rows(
      shop.database.manager,
      `UPDATE campaign_batches SET provider = 'gone' WHERE campaign_id = $1 AND ordinal = $2`,
      [campaign.id, ordinal],
    );
  endRests();
  shop.before.set('sendCampaignBatch', async () => {
    shop.before.delete('sendCampaignBatch');
    await leave(1);
  });
  shop.before.set('readCampaignReports', () => leave(2));
  await campaign.look();
  expect(await campaign.handle.result()).toBe('done');
  expect((await campaign.state()).counts).toMatchObject({ ambiguous: 0, accepted: 5, delivered: PEOPLE - 5 });
  expectOnce(campaign, PEOPLE);
});

test('a provider that says nothing of deliveries is asked again later, and takes no step meanwhile', async () => {
  shop.campaigns.atMost = 2;
  const campaign = await buildRunningCampaign(shop);
  // Of three calls.
  shop.smsProviders[0]!.answers = {
    report: Array.from({ length: 6 }, () => ({ kind: 'unknown', message: 'no answer' })),
  };
  const delivered: number[] = [];
  shop.after.set('readCampaignReports', async () => {
    delivered.push((await campaign.state()).counts.delivered);
  });
  await campaign.look();
  // The question has broken off, so it comes again.
  await campaign.until(({ status, reportAt }) => status === 'done' && reportAt! > Date.now() + 60_000);
  await campaign.askNow();
  expect(await campaign.handle.result()).toBe('done');
  expect(delivered).toEqual([0, PEOPLE]);
});

test('a worker asks for the deliveries of one campaign at a time, and others are sent meanwhile', async () => {
  const gate = buildGate();
  shop.smsProviders[0]!.answers = {
    report: [
      async () => {
        await gate.pass();
        return { kind: 'report', state: 'delivered', code: '1' };
      },
    ],
  };
  const first = await buildRunningCampaign(shop);
  await first.look();
  await gate.reached;
  const second = await buildRunningCampaign(shop);
  await second.look();
  await second.until(({ status }) => status === 'done');
  const third = await buildRunningCampaign(shop);
  await third.look();
  await third.until(({ status }) => status === 'done');
  expect((await second.state()).counts.delivered).toBe(0);

  // Its own deliveries are due, too, and cannot be asked for: it is sent all the same.
  const running = await buildRunningCampaign(shop);
  shop.before.set('recordCampaignBatch', async () => {
    await rows(shop.database.manager, 'UPDATE campaigns SET report_at = now() WHERE id = $1', [running.id]);
  });
  await running.look();
  await running.until(({ status }) => status === 'done');
  expect((await running.state()).counts).toMatchObject({ delivered: 0, accepted: PEOPLE });
  shop.before.clear();

  gate.open();
  for (const campaign of [first, second, third, running]) {
    if (campaign !== first) await campaign.askNow();
    expect(await campaign.handle.result()).toBe('done');
    expect((await campaign.state()).counts).toMatchObject({ delivered: PEOPLE });
  }
});

test('a step asks for deliveries for a short time, and the next one goes on from there', async () => {
  shop.campaigns.atMost = 2;
  const campaign = await buildRunningCampaign(shop);
  const pending = { kind: 'report', state: 'pending', code: '0' } as const;
  const report = Array.from({ length: 2 * PEOPLE }, () => pending);
  shop.smsProviders[0]!.answers = { report };
  const left: number[] = [];
  shop.before.set('readCampaignReports', () => {
    shop.before.clear();
    // Three minutes pass with the first call.
    shop.campaigns.clock = () => new Date(Date.now() + (report.length < 2 * PEOPLE ? 180_000 : 0));
  });
  shop.after.set('readCampaignReports', () => {
    shop.campaigns.clock = () => new Date();
    left.push(report.length);
  });
  await campaign.look();
  await campaign.until(({ reportAt }) => reportAt! > Date.now() + 15_000);
  await campaign.askNow();
  expect(await campaign.handle.result()).toBe('done');
  // Two messages of one call, the other ten, and all of them the next time.
  expect(left).toEqual([2 * PEOPLE - 2, PEOPLE, 0]);
});

test('deliveries of a campaign that runs for days are asked for while it runs', async () => {
  shop.campaigns.atMost = 2;
  const campaign = await buildRunningCampaign(shop);
  const taken = { kind: 'accepted' } as const;
  shop.smsProviders[0]!.answers = {
    send: [
      ...[1, 2].map((at) => ({ ...taken, providerMessageId: `sent-${at}` })),
      ...[1, 2].map(() => ({ kind: 'refused', class: 'overload', code: '20', message: 'no' }) as const),
    ],
  };
  await campaign.look();
  await campaign.until(
    ({ counts, sendableFrom }) => counts.accepted === 2 && sendableFrom > Date.now() + 5_000,
  );
  await rows(
    shop.database.manager,
    `UPDATE campaigns SET not_before = now() + interval '1 hour' WHERE id = $1`,
    [campaign.id],
  );
  await campaign.askNow();
  const told = await campaign.until(({ counts }) => counts.delivered === 2);
  expect(told.status).toBe('running');
  await campaign.cancel();
  expect(await campaign.handle.result()).toBe('cancelled');
});

test('who withdraws while it runs gets nothing more', async () => {
  const campaign = await buildRunningCampaign(shop);
  const gate = buildGate();
  shop.before.set('recordCampaignBatch', () => gate.pass());
  await campaign.look();
  await gate.reached;
  const [last] = (await campaign.recipients()).flatMap(({ status }, place) =>
    status === 'pending' ? [people[place]!] : [],
  );
  const consent = (marketing: boolean) =>
    shop.run((transaction) => changeProfile(transaction, { accountId: last!.id, marketing }));
  await consent(false);
  shop.before.clear();
  gate.open();
  expect(await campaign.handle.result()).toBe('done');
  await consent(true);
  expect((await campaign.state()).counts).toMatchObject({ suppressed: 1, delivered: PEOPLE - 1 });
  expect(campaign.sent()).not.toContain(last!.phone);
});

test('operators pause, resume and cancel it; malformed and impossible messages are refused', async () => {
  const campaign = await buildRunningCampaign(shop);
  const gate = buildGate();
  shop.before.set('recordCampaignBatch', () => gate.pass());
  await campaign.look();
  await gate.reached;
  await expect(campaign.handle.executeUpdate('pause', { args: [{}] })).rejects.toThrow(
    'Workflow Update failed',
  );
  const paused = campaign.pause();
  shop.before.clear();
  gate.open();
  expect(await paused).toMatchObject({ status: 'paused', pauseReason: 'staff' });
  const before = campaign.sent().length;
  expect(before).toBeLessThan(PEOPLE);
  await campaign.until(({ status, counts }) => status === 'paused' && counts.delivered === before);
  expect(await campaign.pause()).toMatchObject({ status: 'paused' });
  expect(await campaign.resume()).toMatchObject({ status: 'running' });
  await campaign.handle.result();
  expectOnce(campaign, PEOPLE);
  const moves = await rows<{ move: string; note: string }>(
    shop.database.manager,
    `SELECT m->>'move' AS move, m->>'note' AS note FROM campaigns, jsonb_array_elements(operator_moves) AS m WHERE id = $1`,
    [campaign.id],
  );
  // The second pause has changed nothing.
  expect(moves).toEqual(['pause', 'resume'].map((move) => ({ move, note: 'a test' })));

  const other = await buildRunningCampaign(shop, {}, { startsAt: new Date(Date.now() + 3_600_000) });
  await other.look();
  await expect(other.pause()).rejects.toThrow('Workflow Update failed');
  expect(await other.cancel()).toMatchObject({ status: 'cancelled' });
  expect(await other.handle.result()).toBe('cancelled');
  expect(other.sent()).toHaveLength(PEOPLE);
});

test('an operator resumes nothing that needs an approval', async () => {
  const sent = await buildRunningCampaign(shop);
  await sent.look();
  await sent.handle.result();
  shop.smsProviders[0]!.sent.length = 0;

  const campaign = await buildRunningCampaign(shop, { maxCost: 2_000 });
  await campaign.look();
  await campaign.until(({ status }) => status === 'paused');
  await rows(
    shop.database.manager,
    'UPDATE campaigns SET max_cost = NULL, approval_above = $2 WHERE id = $1',
    [...[campaign.id, PEOPLE]],
  );
  await expect(campaign.resume()).rejects.toMatchObject({ cause: { type: 'campaigns.approval_needed' } });
  expect(await campaign.state()).toMatchObject({ status: 'paused', counts: { pending: PEOPLE - 1 } });
  const { id: accountId } = await buildAccount(shop.database);
  const { version } = (
    await rows<{ version: number }>(shop.database.manager, 'SELECT version FROM campaigns WHERE id = $1', [
      campaign.id,
    ])
  )[0]!;
  await shop.database.transaction((transaction) =>
    approveCampaign(transaction, { campaignId: campaign.id, accountId, version }, CAMPAIGN_PRICES),
  );
  expect(await campaign.resume()).toMatchObject({ status: 'running' });
  expect(await campaign.handle.result()).toBe('done');
  expectOnce(campaign, PEOPLE);
});

test('a worker whose clock is behind lets a campaign wait, and not ask again at once', async () => {
  const HOUR_MS = 3_600_000;
  shop.campaigns.clock = () => new Date(Date.now() - HOUR_MS);
  const campaign = await buildRunningCampaign(shop);
  const set = (column: string, at: Date) =>
    rows(shop.database.manager, `UPDATE campaigns SET ${column} = $2 WHERE id = $1`, [campaign.id, at]);
  const waits = async (activity: string) => {
    const { events } = await campaign.handle.fetchHistory();
    const asked = (events ?? []).filter(
      (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === activity,
    );
    const timers = (events ?? []).flatMap((event) => event.timerStartedEventAttributes ?? []);
    const longest = Math.max(0, ...timers.map((timer) => Number(timer.startToFireTimeout?.seconds ?? 0)));
    return { asked: asked.length, isLong: longest > 3_000, timers: timers.length };
  };
  // It is due by the clock of Temporal.
  await campaign.look();
  expect(
    await eventually(
      () => waits('startCampaign'),
      ({ isLong }) => isLong,
    ),
  ).toMatchObject({ asked: 1 });
  await set('starts_at', new Date(Date.now() - 2 * HOUR_MS));
  await set('not_before', new Date());
  await campaign.look();
  const { asked } = await eventually(
    () => waits('beginCampaignBatch'),
    ({ timers }) => timers === 2,
  );
  expect(asked).toBeLessThanOrEqual(1);
  shop.campaigns.clock = () => new Date();
  await campaign.look();
  expect(await campaign.handle.result()).toBe('done');
});

test('a campaign that waits for its time, for a person and for a rest is cancelled there', async () => {
  const cancelled = async (campaign: Running) => {
    await campaign.cancel();
    expect(await campaign.handle.result()).toBe('cancelled');
  };
  const paused = await buildRunningCampaign(shop, { maxCost: 2_000 });
  await paused.look();
  await paused.until(({ status }) => status === 'paused');
  expect(await paused.state()).toMatchObject({ pauseReason: 'budget', counts: { pending: PEOPLE - 1 } });
  await cancelled(paused);

  shop.smsProviders[0]!.answers = {
    send: Array.from({ length: 5 }, () => ({
      ...{ kind: 'refused', class: 'overload', code: '20', message: 'too many requests' },
    })) as never,
  };
  const resting = await buildRunningCampaign(shop);
  await resting.look();
  await resting.until(({ sendableFrom, sending }) => sending === null && sendableFrom > Date.now() + 5_000);
  await cancelled(resting);
  expect((await resting.state()).counts).toMatchObject({ pending: PEOPLE, accepted: 0 });
});

test('at night nothing goes out, and in the morning it does', async () => {
  shop.campaigns.isNightAllowed = false;
  const tonight = new Date(`${new Date().toISOString().slice(0, 10)}T20:30:00Z`);
  shop.campaigns.clock = () => tonight;
  const campaign = await buildRunningCampaign(shop);
  await rows(shop.database.manager, 'UPDATE campaigns SET starts_at = $2 WHERE id = $1', [
    campaign.id,
    new Date('2026-01-01T00:00:00Z'),
  ]);
  await campaign.look();
  await campaign.until(({ isGathered }) => isGathered);
  const night = { at: tonight.getTime(), isNightAllowed: false };
  const { sendableFrom } = await requireCampaignState(shop.database.manager, campaign.id, night);
  expect(new Date(sendableFrom).toISOString().slice(11)).toBe('04:30:00.000Z');
  expect(campaign.sent()).toEqual([]);
  shop.campaigns.isNightAllowed = true;
  shop.campaigns.clock = () => new Date();
  await campaign.look();
  expect(await campaign.handle.result()).toBe('done');
  expectOnce(campaign, PEOPLE);
});

test('a reset to any point sends nothing again', async () => {
  const campaign = await buildRunningCampaign(shop);
  const { signaledRunId } = await campaign.look();
  await campaign.handle.result();
  const counts = (await campaign.state()).counts;
  const { events } = await shop.temporal.workflow
    .getHandle(campaign.handle.workflowId, signaledRunId)
    .fetchHistory();
  const points = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes);
  expect(points.length).toBeGreaterThan(5);
  for (const { eventId } of points) {
    await shop.temporal.workflowService.resetWorkflowExecution({
      namespace: shop.namespace,
      workflowExecution: { workflowId: campaign.handle.workflowId, runId: signaledRunId },
      reason: 'a test',
      requestId: randomUUID(),
      workflowTaskFinishEventId: eventId,
    });
    await campaign.handle.result();
  }
  expectOnce(campaign, PEOPLE);
  expect((await campaign.state()).counts).toEqual(counts);
});

test('the relay starts what the API could not, the sweep what was lost, and a long history goes on', async () => {
  const relay = relayOf(shop, { name: randomUUID(), routes: ROUTES });
  try {
    await relay.leads();
    const relayed = await buildRunningCampaign(shop);
    await relayed.until(({ status }) => status === 'done');
    await relay.hasCaughtUp();
  } finally {
    await relay.close();
  }
  shop.smsProviders[0]!.reset();

  const lost = await buildRunningCampaign(shop, {}, { startsAt: new Date(Date.now() + 3_600_000) });
  await shop.temporal.workflow.execute(CAMPAIGN_SWEEP_WORKFLOW, {
    workflowId: randomUUID(),
    taskQueue: CAMPAIGN_QUEUE,
  });
  const { runId } = await lost.handle.describe();
  for (let megabyte = 0; megabyte < 6; megabyte += 1) {
    const reads = shop.runsOf('readCampaign');
    await lost.handle.signal('look', 'x'.repeat(1_000_000));
    await eventually(
      () => Promise.resolve(shop.runsOf('readCampaign')),
      (now) => now > reads,
    );
  }
  await eventually(
    async () => (await lost.handle.describe()).runId,
    (now) => now !== runId,
  );
  await rows(shop.database.manager, 'UPDATE campaigns SET starts_at = now() WHERE id = $1', [lost.id]);
  await lost.look();
  expect(await lost.handle.result()).toBe('done');
  expectOnce(lost, PEOPLE);
});

test('of a campaign that Postgres does not know nothing is done', async () => {
  await shop.temporal.workflow.start('campaign', {
    workflowId: 'campaign:nobody',
    taskQueue: CAMPAIGN_QUEUE,
    args: [{ campaignId: '01234567-89ab-7cde-8f01-23456789abcd' }],
  });
  expect(await shop.temporal.workflow.getHandle('campaign:nobody').result()).toBe('lost');
});
