import { performance } from 'node:perf_hooks';

import { expect, test } from 'vitest';

import {
  CAMPAIGN_WORKFLOW,
  campaignOf,
  campaignWorkflowId,
  look,
  pause,
  resume,
} from '../../workflows/campaigns/campaign.contract';
import { eventually } from '../support/eventually';
import { buildStarted, buildWilling } from '../support/factories/campaigns';
import { expectInvariantsToHold } from '../support/journey';
import { shopCodes } from '../support/shop-codes';
import { openShopProcesses } from '../support/shop-processes';
import { setSmsIrCredit } from '../support/sms-sandboxes';
import { row, rows } from '../support/sql';

const RECIPIENTS = 10_000;
const KILLS = 2;
const MESSAGES_OF_A_CALL = 100;
const ROUNDS = 6;
const CODES_OF_A_ROUND = 20;
const A_DAY_SECONDS = 86_400;
/**
 * Codes beside a campaign and without it are measured by turns, so a machine that becomes busy slows both. What they differ by then is
 * noise; a code that waits for a campaign's messages takes many times as long.
 */
const SLOWER_AT_MOST = 1.5;
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

function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

test('a campaign of 10,000 runs to its end while workers are killed, each gets it once, and codes are not slower beside it', async () => {
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

    /** Milliseconds until a provider has each of so many codes. */
    async function timeCodes(count: number): Promise<number[]> {
      const times: number[] = [];
      for (let sent = 0; sent < count; sent += 1) {
        const { id, age } = await codes.ask();
        const began = performance.now();
        expect(await codes.calls.send(id)).toMatchObject({ kind: 'answered' });
        times.push(performance.now() - began);
        // The shop sends only so many a minute and a day.
        await age(A_DAY_SECONDS);
      }
      return times;
    }

    // Caches fill, and the engine compiles what runs often.
    await timeCodes(CODES_OF_A_ROUND);

    const { id } = await buildStarted(shop.database);
    const handle = shop.temporal.workflow.getHandle(campaignWorkflowId(id));
    const steer = (move: typeof pause) => handle.executeUpdate(move, { args: [{ note: 'codes are timed' }] });
    const counts = async () =>
      (await row<Counts>(shop.database.manager, 'SELECT * FROM campaigns WHERE id = $1', [id]))!;
    const takenOf = ({ accepted, delivered, ambiguous }: Counts) => accepted + delivered + ambiguous;
    const takenBy = (enough: number) => eventually(counts, (all) => takenOf(all) >= enough);
    const began = performance.now();
    await shop.temporal.workflow.signalWithStart(CAMPAIGN_WORKFLOW, {
      ...campaignOf(id),
      signal: look.name,
    });
    let taken = takenOf(await takenBy(1));
    const beside: number[] = [];
    const without: number[] = [];
    let sentBeside = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      beside.push(...(await timeCodes(CODES_OF_A_ROUND)));
      await steer(pause);
      const paused = takenOf(await eventually(counts, ({ handed }) => handed === 0));
      sentBeside += paused - taken;
      without.push(...(await timeCodes(CODES_OF_A_ROUND)));
      const still = await counts();
      expect([still.status, takenOf(still)]).toEqual(['paused', paused]);
      await steer(resume);
      taken = takenOf(await takenBy(paused + 1));
    }
    expect(sentBeside).toBeGreaterThan(0);
    expect((await counts()).status).toBe('running');

    await worker.kill();
    const second = await shop.startWorker(NO_RATE);
    await takenBy(5_000);
    await second.kill();
    await shop.startWorker(NO_RATE);
    const done = await eventually(counts, ({ status }) => status === 'done');
    const seconds = Math.round((performance.now() - began) / 1_000);

    const got = new Map<string, number>();
    for (const { to } of sms.smsIr.messages()) got.set(to, (got.get(to) ?? 0) + 1);
    const times = people.map(({ phone }) => got.get(phone) ?? 0);
    expect(times.filter((count) => count > 1)).toEqual([]);
    const { ambiguous } = done;
    expect(done).toMatchObject({ pending: 0, handed: 0, suppressed: 0, failed: 0 });
    expect(takenOf(done)).toBe(RECIPIENTS);
    expect(times.filter((count) => count === 1).length).toBe(RECIPIENTS - ambiguous);
    const lost = await rows<{ recipient: string }>(
      shop.database.manager,
      `SELECT recipient FROM campaign_recipients WHERE campaign_id = $1 AND status = 'ambiguous'`,
      [id],
    );
    expect(lost.filter(({ recipient }) => got.has(recipient))).toEqual([]);
    // Whatever the provider knows was found. Only a call that was cut off before it arrived has left something to guess.
    expect(ambiguous).toBeLessThanOrEqual(KILLS * MESSAGES_OF_A_CALL);

    const figures = [beside, without].map((all) =>
      [0.5, 0.95].map((share) => Math.round(quantile(all, share))),
    );
    process.stdout.write(
      `campaign of ${RECIPIENTS}: ${seconds} s, ${ambiguous} ambiguous; codes p50 and p95 in ms beside it and without it: ${JSON.stringify(figures)}\n`,
    );
    expect(quantile(beside, 0.5)).toBeLessThan(quantile(without, 0.5) * SLOWER_AT_MOST);

    const { status } = await handle.describe();
    expect(status.name).toBe('RUNNING');
    await expectInvariantsToHold(shop);
    const log = shop.logs();
    expect(people.slice(0, 100).filter(({ phone }) => log.includes(phone.slice(3)))).toEqual([]);
  } finally {
    await shop.close();
  }
});
