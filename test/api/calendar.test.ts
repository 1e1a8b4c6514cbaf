import { afterAll, beforeAll, expect, test } from 'vitest';

import { buildCaller, type BuiltCaller } from '../support/factories/callers';
import { openShop, type Shop } from '../support/shop';
import { rows } from '../support/sql';

let shop: Shop;
let staff: BuiltCaller;
let support: BuiltCaller;
beforeAll(async () => {
  shop = await openShop();
  staff = await buildCaller(shop, { roles: ['staff'] });
  support = await buildCaller(shop, { roles: ['support'] });
});
afterAll(() => shop.close());

async function call({ headers }: BuiltCaller, method: string, path: string, body?: object) {
  const answer = await fetch(`${shop.url}/api/v1/calendar/days${path}`, {
    method,
    headers: { ...headers, 'Content-Type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const EID = {
  day: '2027-03-10',
  jalali: '1405-12-19',
  weekday: 4,
  holiday: 'Eid al-Fitr',
  isCertain: false,
  supportHours: null,
};

test('staff see the calendar and move a holiday that the moon has moved, which is recorded', async () => {
  expect(await call(support, 'GET', '?from=2027-03-10&to=2027-03-10')).toEqual({
    status: 200,
    body: { items: [EID] },
  });

  const works = { ...EID, holiday: null, isCertain: true };
  for (let time = 0; time < 2; time += 1) {
    expect(await call(staff, 'PUT', '/2027-03-10', { holiday: null })).toEqual({ status: 200, body: works });
  }
  expect(await call(staff, 'PUT', '/2027-03-12', { holiday: 'Eid al-Fitr' })).toMatchObject({
    body: { holiday: 'Eid al-Fitr', isCertain: true },
  });
  const { body } = await call(support, 'GET', '?from=2027-03-10&to=2027-03-12');
  expect(body.items).toMatchObject([works, { holiday: 'Eid al-Fitr' }, { holiday: 'Eid al-Fitr' }]);

  const actions = await rows(
    shop.database.manager,
    `SELECT action, object_type AS type, details FROM staff_actions WHERE object_type = 'calendar_day' ORDER BY id`,
  );
  const changed = (details: object) => ({ action: 'calendar.change', type: 'calendar_day', details });
  expect(actions).toEqual([
    changed({ day: '2027-03-10', holiday: null, supportHours: null }),
    changed({ day: '2027-03-10', holiday: null, supportHours: null }),
    changed({ day: '2027-03-12', holiday: 'Eid al-Fitr', supportHours: null }),
  ]);
});

test('staff say when tickets are answered on a day, and that it is as usual again', async () => {
  const noon = [
    { from: 600, to: 720 },
    { from: 780, to: 840 },
  ];
  const friday = '/2027-04-02';
  const say = (body: object) => call(staff, 'PUT', friday, body);
  expect(await say({ holiday: null, supportHours: noon })).toMatchObject({ body: { supportHours: noon } });
  expect(await call(staff, 'GET', '?from=2027-04-02&to=2027-04-03')).toMatchObject({
    body: { items: [{ supportHours: noon }, { supportHours: null }] },
  });
  expect(await say({ holiday: null, supportHours: [] })).toMatchObject({ body: { supportHours: [] } });
  expect(await say({ holiday: null, supportHours: noon })).toMatchObject({ body: { supportHours: noon } });
  // Who moves a holiday and knows nothing of support leaves the hours as they are.
  expect(await say({ holiday: 'Nature Day' })).toMatchObject({
    body: { holiday: 'Nature Day', supportHours: noon },
  });
  // What was read can be written back, with hours and without.
  const writeBack = async () => {
    const { body } = await call(staff, 'GET', '?from=2027-04-02&to=2027-04-02');
    const [{ holiday, supportHours }] = body['items'] as [Record<string, unknown>];
    expect((await say({ holiday, supportHours })).body).toEqual((body['items'] as unknown[])[0]);
  };
  await writeBack();
  expect(await say({ holiday: null, supportHours: null })).toMatchObject({ body: { supportHours: null } });
  await writeBack();
  const recorded = await rows<{ hours: string | null }>(
    shop.database.manager,
    `SELECT details -> 'supportHours' AS hours FROM staff_actions WHERE details ->> 'day' = '2027-04-02' ORDER BY id`,
  );
  const said = '{[600,720),[780,840)}';
  expect(recorded.map(({ hours }) => hours)).toEqual([said, '{}', said, said, said, null, null]);
  const [first] = await rows(
    shop.database.manager,
    `SELECT details FROM staff_actions WHERE details ->> 'day' = '2027-04-02' ORDER BY id LIMIT 1`,
  );
  expect(first).toEqual({
    details: { day: '2027-04-02', holiday: null, supportHours: '{[600,720),[780,840)}' },
  });

  const wrong = [
    [{ from: 720, to: 600 }],
    [{ from: 600, to: 600 }],
    [{ from: -1, to: 600 }],
    [{ from: 600, to: 1_441 }],
    [{ from: 600, to: 720.5 }],
    [{ from: '600', to: 720 }],
    [{ from: 600 }],
    [null],
    noon.toReversed(),
    [noon[0], { from: 700, to: 800 }],
    [noon[0], { from: 720, to: 800 }],
    Array.from({ length: 5 }, (_, place) => ({ from: place * 100, to: place * 100 + 50 })),
    'all day',
  ];
  for (const supportHours of wrong)
    expect([supportHours, (await say({ holiday: null, supportHours })).body.code]).toEqual([
      supportHours,
      'request.invalid',
    ]);
});

test('only real days, at most 400 of them, and only by whom they concern', async () => {
  const refused = [
    await call(staff, 'GET', '?from=2027-02-29&to=2027-03-01'),
    await call(staff, 'GET', '?from=2027-03-02&to=2027-03-01'),
    await call(staff, 'GET', '?from=2027-01-01&to=2028-02-05'),
    await call(staff, 'PUT', '/soon', { holiday: null }),
    await call(staff, 'PUT', '/2027-03-10', {}),
    await call(staff, 'PUT', '/2027-03-10', { holiday: '' }),
    await call(support, 'PUT', '/2027-03-10', { holiday: null }),
    await call(await buildCaller(shop), 'GET', '?from=2027-01-01&to=2027-01-02'),
  ];
  expect(refused.map(({ body }) => body.code)).toEqual([
    ...Array.from({ length: 6 }, () => 'request.invalid'),
    ...['access.forbidden', 'access.forbidden'],
  ]);
  expect(await call(staff, 'GET', '?from=2027-01-01&to=2028-02-04')).toMatchObject({ status: 200 });
});
