import { asyncLocalStorage, type Context } from '@temporalio/activity';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createCampaignReportActivities } from '../../activities/campaigns/campaign-reports.activities';
import type { CampaignSettings } from '../../activities/campaigns/campaign.activities';
import type { BulkSms } from '../../activities/sms/bulk-sms';
import type { SmsProviders } from '../../activities/sms/sms-providers';
import { requireCampaignState } from '../../entities/campaigns/campaign-state';
import { noteReportPlace, noteReports } from '../../entities/campaigns/note-reports';
import { recordBulkReports } from '../../entities/campaigns/record-reports';
import { holdCampaign, resumeCampaign } from '../../entities/campaigns/steer-campaign';
import { accept, callsOf } from '../support/campaign-calls';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row } from '../support/sql';

let shop: ShopDatabase;
beforeAll(async () => {
  shop = await openShopDatabase();
});
afterAll(async () => {
  await shop.assertInvariantsHold();
  await shop.close();
});

const HOUR = 3_600_000;
const { begin, answer, ...calls } = callsOf(() => shop);
const { at, run, campaignOf, recipientsOf, buildGathered } = calls;

test('reports move deliveries forward only, and what was blocked is suppressed for later', async () => {
  const { id } = await buildGathered(3);
  await begin(id);
  const batchId = await answer(id, accept);
  await begin(id);
  const ids = (await recipientsOf(id)).map(({ number }) => `m-${number}`);
  const report = (states: readonly ('pending' | 'undelivered' | 'delivered' | 'failed')[], isLast = false) =>
    shop.run((transaction) =>
      recordBulkReports(transaction, {
        ...{ campaignId: id, batchId, provider: 'sms-ir', at: new Date(), isLast },
        reports: states.map((state, place) => ({
          ...{ providerMessageId: ids[place]!, state, code: state },
          ...(state === 'failed' && { class: 'stop' as const }),
        })),
      }),
    );
  await report(['delivered', 'failed', 'undelivered']);
  expect(await campaignOf(id)).toMatchObject({ accepted: 1, delivered: 1, failed: 1 });
  await report(['failed', 'delivered', 'undelivered']);
  expect(await campaignOf(id)).toMatchObject({ delivered: 1, failed: 1 });
  await report(['pending', 'pending', 'undelivered'], true);
  expect(await campaignOf(id)).toMatchObject({ accepted: 0, delivered: 1, failed: 2 });
  await shop.run((transaction) => noteReports(transaction, { campaignId: id, reports: 0 }, [0, 1_000]));
  expect((await campaignOf(id)).report_at).toBeNull();
  const suppressed = await run('SELECT account_id FROM campaign_suppressions s WHERE s.code = $1', [
    'failed',
  ]);
  expect(suppressed).toHaveLength(1);
});

test('deliveries are asked for also while it is paused, and from the beginning after its end', async () => {
  const REPORTS = [0, 1_000, 2_000];
  const { id } = await buildGathered(3);
  const input = { campaignId: id, at: at() };
  const note = (reports: number) =>
    shop.run((transaction) => noteReports(transaction, { campaignId: id, reports }, REPORTS));
  const asking = async () => {
    const { reports, report_at: next } = (await row<{ reports: number; report_at: Date | null }>(
      shop.database.manager,
      'SELECT reports, report_at FROM campaigns WHERE id = $1',
      [id],
    ))!;
    return { reports, isDue: next !== null };
  };
  const turn = async (move: typeof holdCampaign) => {
    await shop.run((transaction) => move(transaction, input));
    return asking();
  };
  // Nothing has gone out.
  expect(await turn(holdCampaign)).toEqual({ reports: 0, isDue: false });
  await turn(resumeCampaign);
  await begin(id, { atMost: 2 });
  const batchId = await answer(id, accept);
  expect(await turn(holdCampaign)).toEqual({ reports: 0, isDue: true });
  await note(0);
  await note(1);
  expect(await asking()).toEqual({ reports: 2, isDue: true });

  // It is resumed while it is asked for the last time.
  expect(await turn(resumeCampaign)).toEqual({ reports: 0, isDue: false });
  const [first] = await recipientsOf(id);
  const undelivered = { providerMessageId: `m-${first!.number}`, state: 'undelivered', code: '5' } as const;
  await shop.run((transaction) =>
    recordBulkReports(transaction, {
      ...{
        campaignId: id,
        batchId,
        provider: 'sms-ir',
        at: new Date(),
        reports: [undelivered],
        isLast: true,
      },
    }),
  );
  await note(0);
  expect(await campaignOf(id)).toMatchObject({ accepted: 2, failed: 0 });
  expect(await asking()).toEqual({ reports: 0, isDue: false });

  await begin(id, {}, at() + 60_000);
  await answer(id, accept);
  await begin(id, {}, at() + 120_000);
  expect((await campaignOf(id)).status).toBe('done');
  expect(await asking()).toEqual({ reports: 0, isDue: true });
});

test('while a campaign runs for days, deliveries are asked for once a day, and from the beginning after its end', async () => {
  const { id } = await buildGathered(2);
  const note = () =>
    shop.run((transaction) => noteReports(transaction, { campaignId: id, reports: 0 }, [0, HOUR]));
  const asking = async () => {
    const { reports, report_at: next, status } = await campaignOf(id);
    return { status, reports, hours: next && Math.round((next.getTime() - at()) / HOUR) };
  };
  await begin(id, { atMost: 1 });
  expect((await campaignOf(id)).report_at).toBeNull();
  const batchId = await answer(id, accept);
  expect(await asking()).toEqual({ status: 'running', reports: 0, hours: 24 });

  await run(`UPDATE campaigns SET report_at = now() - interval '1 minute' WHERE id = $1`, [id]);
  const [first] = await recipientsOf(id);
  const delivered = { providerMessageId: `m-${first!.number}`, state: 'delivered', code: '1' } as const;
  const said = { campaignId: id, batchId, provider: 'sms-ir', at: new Date(), reports: [delivered] };
  await shop.run((transaction) => recordBulkReports(transaction, { ...said, isLast: false }));
  await note();
  expect(await campaignOf(id)).toMatchObject({ delivered: 1, accepted: 0 });
  expect(await asking()).toEqual({ status: 'running', reports: 0, hours: 24 });

  await begin(id, {}, at() + HOUR);
  await answer(id, accept);
  await begin(id, {}, at() + HOUR);
  expect(await asking()).toEqual({ status: 'done', reports: 0, hours: 1 });
});

test('a running campaign is asked only while it may not send', async () => {
  const { id } = await buildGathered(2);
  await begin(id, { atMost: 1 });
  await answer(id, accept);
  await run('UPDATE campaigns SET report_at = now() WHERE id = $1', [id]);
  const isAsked = async (isNightAllowed: boolean, time: string) => {
    const clock = { at: new Date(`2030-06-01T${time}:00+03:30`).getTime(), isNightAllowed };
    return (await requireCampaignState(shop.database.manager, id, clock)).reportAt !== null;
  };
  expect(await isAsked(false, '12:00')).toBe(false);
  expect(await isAsked(false, '21:00')).toBe(true);
  expect(await isAsked(false, '07:00')).toBe(true);
  // The step would still run at 8:00.
  expect(await isAsked(false, '07:45')).toBe(false);
  expect(await isAsked(true, '23:00')).toBe(false);
  await shop.run((transaction) => holdCampaign(transaction, { campaignId: id, at: at() }));
  expect(await isAsked(false, '12:00')).toBe(true);
});

test('a question for deliveries that breaks off goes on from its place, and does not count until the provider has forgotten all', async () => {
  const { id } = await buildGathered(2);
  await begin(id);
  await answer(id, accept);
  await begin(id);
  const asking = async () => {
    const [found] = await run<{ reports: number; after: number; minutes: number | null; status: string }>(
      `SELECT status, reports, report_after AS after, round(extract(epoch FROM report_at - now()) / 60)::integer AS minutes
       FROM campaigns WHERE id = $1`,
      [id],
    );
    return found;
  };
  const stop = (after: number, isSilent: boolean, reports = 0) =>
    shop.run((transaction) =>
      noteReportPlace(transaction, { ...{ campaignId: id, reports, after }, isSilent }, [0]),
    );
  expect((await asking())?.status).toBe('done');
  await stop(1, false);
  expect(await asking()).toMatchObject({ reports: 0, after: 1 });
  // It is the last time, and it counts no more than others.
  await stop(1, true);
  expect(await asking()).toMatchObject({ reports: 0, after: 1, minutes: 30 });
  // Of an earlier turn: somebody has resumed it meanwhile.
  await stop(7, true, 3);
  expect(await asking()).toMatchObject({ after: 1 });
  await run(`UPDATE campaigns SET finished_at = now() - interval '49 hours' WHERE id = $1`, [id]);
  await stop(1, true);
  expect(await asking()).toMatchObject({ reports: 1, after: 0, minutes: null });
});

test('a step that is over for Temporal asks for nothing more', async () => {
  const { id } = await buildGathered(2);
  for (const hour of [0, 1]) {
    await begin(id, { atMost: 1 }, at() + hour * HOUR);
    await answer(id, accept);
  }
  const step = new AbortController();
  const asked: string[] = [];
  const bulk: Pick<BulkSms, 'reportAll'> = {
    reportAll({ providerMessageIds }) {
      asked.push(...providerMessageIds);
      step.abort(new Error('the step is over'));
      return Promise.resolve({ kind: 'reports', reports: [] });
    },
  };
  const providers = { names: [id], bulk: () => bulk } as unknown as SmsProviders;
  const settings = { clock: () => new Date(), isNightAllowed: true, reportAfterMs: [0] };
  const { readCampaignReports } = createCampaignReportActivities(
    shop.database,
    providers,
    settings as unknown as CampaignSettings,
  );
  const ask = () => {
    const context = { info: {}, heartbeat: () => undefined, cancellationSignal: step.signal };
    return asyncLocalStorage.run(context as unknown as Context, () =>
      readCampaignReports({ campaignId: id }),
    );
  };
  await expect(ask()).rejects.toThrow('the step is over');
  expect(asked).toHaveLength(1);
  // The worker is free for the next one.
  await expect(ask()).rejects.toThrow('the step is over');
});
