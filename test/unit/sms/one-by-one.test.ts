import { expect, test } from 'vitest';

import { oneByOne } from '../../../activities/sms/one-by-one';
import type { SmsProvider } from '../../../activities/sms/sms-provider';
import type { FindOutcome, ReportOutcome, SendOutcome } from '../../../workflows/sms/sms-provider.steps';
import { buildProvider, buildText } from './builders';

const NO_ANSWER = { kind: 'unknown', message: 'no answer (timeout)' } as const;
const NO_CREDIT = { kind: 'refused', class: 'config', code: '418', message: 'no credit' } as const;
const NO_ROUTE = { kind: 'refused', class: 'config', code: '21612', message: 'no route' } as const;
const accepted = (providerMessageId: string) => ({ kind: 'accepted', providerMessageId }) as const;
const texts = (count: number) =>
  Array.from({ length: count }, (_, at) => buildText({ reference: String(at) }));

/** A provider whose calls take so long, by a clock that only they move. What it is asked is counted. */
function buildSlow({
  tookMs = 0,
  send = accepted,
  find = () => NO_ANSWER,
  report = () => NO_ANSWER,
}: {
  tookMs?: number;
  send?: (reference: string) => SendOutcome;
  find?: (reference: string) => FindOutcome;
  report?: (id: string) => ReportOutcome;
}) {
  let time = 0;
  let running = 0;
  const asked = { count: 0 };
  const take = async <Outcome>(outcome: Outcome): Promise<Outcome> => {
    asked.count += 1;
    running += 1;
    await Promise.resolve();
    running -= 1;
    // Calls side by side take as long as one.
    if (running === 0) time += tookMs;
    return outcome;
  };
  const provider: SmsProvider = {
    ...buildProvider('twilio', 'http://127.0.0.1:1'),
    sendText: ({ reference }) => take(send(reference)),
    find: ({ reference }) => take(find(reference)),
    report: ({ providerMessageId }) => take(report(providerMessageId)),
  };
  return { provider, asked, now: () => time };
}

const referencesOf = (outcome: { readonly results?: readonly { readonly reference: string }[] }) =>
  outcome.results?.map(({ reference }) => reference);

test.each([
  [100, 20],
  [1_000, 20],
  [2_500, 20],
  [5_000, 10],
  [12_000, 5],
])('with a time-out of %i ms a call has at most %i messages, which end within its step', async (ms, most) => {
  const { provider, asked, now } = buildSlow({ tookMs: ms });
  const bulk = oneByOne(provider, ms, now);
  expect(bulk.mostAtOnce).toBe(most);
  const outcome = await bulk.sendAll(texts(most));
  expect(outcome.kind === 'answered' && outcome.results.map(({ kind }) => kind)).toEqual(
    texts(most).map(() => 'accepted'),
  );
  expect(asked.count).toBe(most);
  expect(now()).toBeLessThanOrEqual(12_000);
});

test('what would begin too late is not sent, and surely not taken', async () => {
  const { provider, asked, now } = buildSlow({ tookMs: 5_000 });
  const outcome = await oneByOne(provider, 5_000, now).sendAll(texts(20));
  expect(asked.count).toBe(10);
  const notCalled = { kind: 'refused', class: 'overload', code: 'not_called' };
  expect(outcome).toMatchObject({
    results: [
      ...Array.from({ length: 10 }, () => ({ kind: 'accepted' })),
      ...Array.from({ length: 10 }, () => notCalled),
    ],
  });
});

test('a provider that hangs gets a few messages, and the others are surely not taken', async () => {
  const { provider, asked } = buildSlow({ send: () => NO_ANSWER });
  const outcome = await oneByOne(provider, 1_000).sendAll(texts(20));
  expect(asked.count).toBe(5);
  const results = outcome.kind === 'answered' ? outcome.results : [];
  expect(referencesOf({ results })).toEqual(
    texts(20)
      .slice(5)
      .map(({ reference }) => reference),
  );
});

test('a search that ends too early, or finds nothing to ask, says nothing of the others', async () => {
  const NOT_FOUND = { kind: 'not_found', isCertain: true } as const;
  const lost = { texts: texts(15), sentAt: new Date() };
  const slow = buildSlow({ tookMs: 5_000, find: () => NOT_FOUND });
  expect(await oneByOne(slow.provider, 5_000, slow.now).findAll(lost)).toMatchObject({
    ...{ kind: 'searched', areOthersCertain: false, isPartial: true },
    // The first ten were asked about.
    results: Array.from({ length: 10 }, () => ({ kind: 'refused', code: 'not_found' })),
  });
  const fast = buildSlow({ find: () => NOT_FOUND });
  expect(await oneByOne(fast.provider, 5_000, fast.now).findAll(lost)).toMatchObject({
    areOthersCertain: true,
  });
  const hung = buildSlow({ tookMs: 5_000 });
  expect(await oneByOne(hung.provider, 5_000, hung.now).findAll(lost)).toEqual(NO_ANSWER);
});

test('a search of which some got no answer gives back what is surely missing, and is no try', async () => {
  const settled = { kind: 'not_found', isCertain: true } as const;
  const early = { kind: 'not_found', isCertain: false } as const;
  const lost = { texts: texts(3), sentAt: new Date() };
  const search = (outcomes: readonly FindOutcome[]) =>
    oneByOne(buildSlow({ find: (reference) => outcomes[Number(reference)]! }).provider, 1_000).findAll(lost);
  const missing = { kind: 'refused', class: 'overload', code: 'not_found' };
  expect(await search([settled, NO_ANSWER, { kind: 'found', providerMessageId: 'm' }])).toMatchObject({
    ...{ kind: 'searched', areOthersCertain: false, isPartial: true },
    results: [
      { ...missing, reference: '0' },
      { kind: 'accepted', reference: '2', providerMessageId: 'm' },
    ],
  });
  const whole = await search([settled, early, early]);
  expect(whole).toMatchObject({ areOthersCertain: false, results: [{ ...missing, reference: '0' }] });
  expect(whole).not.toHaveProperty('isPartial');
});

test('deliveries are asked for no longer once a provider says nothing', async () => {
  const ids = texts(20).map(({ reference }) => reference);
  const sent = { packId: null, providerMessageIds: ids, sentAt: new Date() };
  const hung = buildSlow({});
  expect(await oneByOne(hung.provider, 1_000).reportAll(sent)).toEqual(NO_ANSWER);
  expect(hung.asked.count).toBe(5);
  const delivered = { kind: 'report', state: 'delivered', code: '1' } as const;
  const late = buildSlow({ report: (id) => (Number(id) < 5 ? delivered : NO_ANSWER) });
  const outcome = await oneByOne(late.provider, 1_000).reportAll(sent);
  expect(outcome.kind === 'reports' && outcome.reports).toHaveLength(5);
  expect(late.asked.count).toBe(10);
});

const ALL = Array.from({ length: 20 }, (_, at) => at);

test.each([
  ['one number among others', NO_ROUTE, [7], [7]],
  ['the first number', NO_ROUTE, [0], [0]],
  ['the last number', NO_ROUTE, [19], [19]],
  ['an account that is refused', NO_ROUTE, ALL, []],
  ...[8, 15, 18, 19].map((taken) => [`credit for ${taken}`, NO_CREDIT, ALL.slice(taken), []] as const),
] as const)(
  'of %s the fault (%o) of %j is that of the numbers %j, where most others are taken and it is not the account',
  async (_, refusal, refused, numbers) => {
    const { provider } = buildSlow({
      send: (reference) => (refused.some((one) => one === Number(reference)) ? refusal : accepted(reference)),
    });
    const outcome = await oneByOne(provider, 1_000).sendAll(texts(20));
    const results = outcome.kind === 'answered' ? outcome.results : [];
    const ofNumber = results.filter((one) => one.kind === 'refused' && one.isOfNumber);
    expect(referencesOf({ results: ofNumber })).toEqual(numbers.map(String));
    expect(results.filter(({ kind }) => kind === 'refused')).toHaveLength(refused.length);
  },
);
