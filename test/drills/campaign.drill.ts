import { performance } from 'node:perf_hooks';

import { expect, test } from 'vitest';

import {
  CAMPAIGN_WORKFLOW,
  campaignOf,
  campaignWorkflowId,
  look,
} from '../../workflows/campaigns/campaign.contract';
import { eventually } from '../support/eventually';
import { buildStarted, buildWilling } from '../support/factories/campaigns';
import { expectInvariantsToHold } from '../support/journey';
import { shopCodes } from '../support/shop-codes';
import { openShopProcesses } from '../support/shop-processes';
import { setSmsIrCredit } from '../support/sms-sandboxes';
import { row } from '../support/sql';

const RECIPIENTS = 10_000;
const CODES = 20;
/**
 * A code that waits for a campaign's messages, or for its worker, waits for many seconds: a hundred messages take one. What a code
 * takes longer because two cores do more is printed and not asserted.
 */
const SLOWER_AT_MOST = 10;
/** Twice the default: the figures of codes are about rates that a shop runs at. */
const USUAL_RATE = { CAMPAIGN_PER_SECOND: '100' };
const NO_RATE = { CAMPAIGN_PER_SECOND: '10000' };

interface Counts {
  readonly status: string;
  readonly handed: number;
  readonly pending: number;
  readonly accepted: number;
  readonly delivered: number;
  readonly ambiguous: number;
  readonly suppressed: number;
  readonly failed: number;
}

const quantile = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;

test('a campaign of 10,000 runs to its end while workers are killed, each gets it once, and no code waits for it', async () => {
  const shop = await openShopProcesses({
    sms: true,
    environment: { CAMPAIGN_AT_NIGHT: 'true' },
  });
  try {
    const sms = shop.sms!;
    await setSmsIrCredit(sms.smsIr, 10_000_000);
    const people = await buildWilling(shop.database, RECIPIENTS);
    const codes = shopCodes(shop);
    const worker = await shop.startWorker(USUAL_RATE);

    /** Milliseconds until a provider has a code, in ascending order. */
    async function timeCodes(count: number): Promise<number[]> {
      const times: number[] = [];
      for (let sent = 0; sent < count; sent += 1) {
        const { id } = await codes.ask();
        const began = performance.now();
        expect(await codes.calls.send(id)).toMatchObject({ kind: 'answered' });
        times.push(performance.now() - began);
      }
      return times.toSorted((one, other) => one - other);
    }

    await timeCodes(5);
    const before = await timeCodes(CODES);

    const { id } = await buildStarted(shop.database);
    const counts = async () =>
      (await row<Counts>(shop.database.manager, 'SELECT * FROM campaigns WHERE id = $1', [id]))!;
    const takenBy = (enough: number) =>
      eventually(counts, ({ accepted, ambiguous }) => accepted + ambiguous >= enough);
    const began = performance.now();
    await shop.temporal.workflow.signalWithStart(CAMPAIGN_WORKFLOW, {
      ...campaignOf(id),
      signal: look.name,
    });
    await takenBy(100);
    const beside = await timeCodes(CODES);
    expect((await counts()).status).toBe('running');

    await worker.kill();
    const second = await shop.startWorker(NO_RATE);
    await takenBy(5_000);
    await second.kill();
    await shop.startWorker(NO_RATE);
    const done = await eventually(counts, ({ status }) => status === 'done');
    const seconds = Math.round((performance.now() - began) / 1_000);

    // Before more codes are sent: a sandbox forgets what is beyond its limit.
    const got = new Map<string, number>();
    for (const { to } of sms.smsIr.messages()) got.set(to, (got.get(to) ?? 0) + 1);
    const times = people.map(({ phone }) => got.get(phone) ?? 0);
    expect(times.filter((count) => count > 1)).toEqual([]);
    const { accepted, ambiguous } = done;
    expect(done).toMatchObject({ pending: 0, handed: 0, suppressed: 0, failed: 0 });
    expect(accepted + ambiguous).toBe(RECIPIENTS);
    expect(times.filter((count) => count === 1).length).toBeGreaterThanOrEqual(accepted);

    // The machine is never equally busy: what codes take without a campaign is what they take before it and after it.
    const after = await timeCodes(CODES);

    const told = [before, beside, after].map((all) =>
      [0.5, 0.95].map((share) => Math.round(quantile(all, share))),
    );
    const figures = `${seconds} s, ${ambiguous} ambiguous; codes p50 and p95 in ms before, beside and after it: ${JSON.stringify(told)}`;
    process.stdout.write(`campaign of ${RECIPIENTS}: ${figures}\n`);
    const median = Math.max(quantile(before, 0.5), quantile(after, 0.5));
    expect(quantile(beside, 0.5)).toBeLessThan(median * SLOWER_AT_MOST);

    const { status } = await shop.temporal.workflow.getHandle(campaignWorkflowId(id)).describe();
    expect(status.name).toBe('RUNNING');
    await expectInvariantsToHold(shop);
    const log = shop.logs();
    expect(people.slice(0, 100).filter(({ phone }) => log.includes(phone.slice(3)))).toEqual([]);
  } finally {
    await shop.close();
  }
});
