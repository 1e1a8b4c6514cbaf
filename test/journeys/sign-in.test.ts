import { randomUUID } from 'node:crypto';

import { solveChallenge, type Challenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { expect, test } from 'vitest';

import { verificationWorkflowId } from '../../workflows/verification/verification.contract';
import { Buyer } from '../support/buyer';
import { eventually } from '../support/eventually';
import { buildPhone } from '../support/factories/phone';
import { ageCodes, tally, wrongOf } from '../support/factories/verifications';
import { journeyShop } from '../support/journey';
import type { Shop } from '../support/shop';
import { ask, bearer, stateOf, type AuthAnswer, type Headed } from '../support/sign-in';
import { rows } from '../support/sql';

const journey = journeyShop({ sms: {}, edge: { trustedProxies: 1 } });

const AN_HOUR = 3_601;

let addresses = 0;
/** A caller with an address of its own. */
const somebody = (): Headed => ({ 'X-Forwarded-For': `203.0.113.${(addresses += 1) % 250}` });

interface Wish {
  readonly key?: string;
  readonly headers?: Headed;
  readonly at?: Shop;
  readonly language?: 'fa' | 'en';
}

function wantCode(
  phone: string,
  { key = randomUUID(), headers = {}, at = journey.shop, ...rest }: Wish = {},
) {
  return ask(at, 'POST', '/auth/verifications', {
    headers: { 'Idempotency-Key': key, ...headers },
    body: { phone, ...rest },
  });
}

/** The messages on a phone, the newest last. */
const inboxOf = (phone: string) =>
  journey.shop.sms!.inbox(phone).toSorted((one, other) => one.sentAt - other.sentAt);

/** The code of the newest message, once there are as many. */
async function codeOn(phone: string, messages = 1): Promise<string> {
  const inbox = await eventually(
    () => inboxOf(phone),
    (all) => all.length >= messages,
  );
  return /\b\d{6}\b/.exec(inbox.at(-1)!.text)![0];
}

function enter(
  verificationId: string,
  phone: string,
  code: string,
  headers: Headed = {},
): Promise<AuthAnswer> {
  return ask(journey.shop, 'POST', '/auth/sessions', {
    headers,
    body: { verificationId, phone, code, delivery: 'body' },
  });
}

async function signIn(phone: string, headers: Headed = {}): Promise<AuthAnswer> {
  const before = inboxOf(phone).length;
  const asked = await wantCode(phone, { headers });
  expect(asked.status).toBe(201);
  return enter(asked.body.id, phone, await codeOn(phone, before + 1), headers);
}

/** Lets the pause before a further message pass. */
const letResend = (verificationId: string) =>
  rows(
    journey.shop.database.manager,
    `UPDATE verifications SET created_at = created_at - interval '61 seconds',
       last_sent_at = last_sent_at - interval '61 seconds' WHERE id = $1`,
    [verificationId],
  );

const local = (phone: string) => phone.replace('+98', '0');

test('a code comes by SMS and signs in, the second time on the same account in another spelling', async () => {
  const { shop } = journey;
  const phone = buildPhone();

  const asked = await wantCode(`0098 ${phone.slice(3)}`);
  expect([asked.status, asked.body]).toEqual([
    201,
    { id: asked.body.id, expiresAt: expect.any(String), resendAfterSeconds: expect.any(Number) },
  ]);
  const first = await enter(asked.body.id, local(phone), await codeOn(phone));
  expect(first.status).toBe(201);

  await ageCodes(shop.database, phone, AN_HOUR);
  const again = await wantCode(phone, { language: 'en' });
  const second = await enter(again.body.id, phone, await codeOn(phone, 2));
  expect(second.status).toBe(201);
  const list = await ask(shop, 'GET', '/me/sessions', { headers: bearer(second.body.session.accessToken) });
  expect(list.body.items).toHaveLength(2);
  expect(inboxOf(phone)[1]!.text).toContain('Sign-in code');
});

test('one key is one message and one code, whoever asks with it and in whatever spelling', async () => {
  const phone = buildPhone();
  const key = randomUUID();
  const spellings = [phone, local(phone), `${phone.slice(0, 6)} ${phone.slice(6)}`];

  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) => wantCode(spellings[index % 3]!, { key, headers: somebody() })),
  );

  expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
    ...Array.from({ length: 9 }, () => 200),
    201,
  ]);
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  const code = await codeOn(phone);
  expect(inboxOf(phone)).toHaveLength(1);
  // Every spelling counts for the same number.
  for (const spelling of spellings) {
    const other = await wantCode(spelling, { headers: somebody() });
    expect([other.status, other.body.code]).toEqual([429, 'auth.code_too_soon']);
    expect(Number(other.headers.get('retry-after'))).toBeGreaterThan(0);
  }
  expect((await enter(answers[0]!.body.id, phone, code)).status).toBe(201);
});

test('the same code is sent again after a while, and is as good in the older message', async () => {
  const { shop } = journey;
  const phone = buildPhone();
  const asked = await wantCode(phone);
  const first = await codeOn(phone);
  const again = () =>
    ask(shop, 'POST', `/auth/verifications/${asked.body.id}/messages`, {
      headers: { 'Idempotency-Key': 'again' },
      body: {},
    });
  expect(await again()).toMatchObject({ status: 429, body: { code: 'auth.code_too_soon' } });
  await letResend(asked.body.id);

  expect((await again()).status).toBe(200);
  expect(await codeOn(phone, 2)).toBe(first);
  expect((await again()).status).toBe(200);
  expect(inboxOf(phone)).toHaveLength(2);
  expect((await enter(asked.body.id, phone, first)).status).toBe(201);
});

test('a code that is sent again is no further tries: the sixth guess is refused although it is right', async () => {
  const { shop } = journey;
  const phone = buildPhone();
  const { id } = (await wantCode(phone)).body;
  const code = await codeOn(phone);
  const tries: unknown[] = [];
  const guess = async (times: number) => {
    for (let time = 1; time <= times; time += 1) {
      const { body } = await enter(id, phone, wrongOf(code, tries.length + 1));
      tries.push(body.code === 'auth.code_wrong' ? body.attemptsLeft : body.code);
    }
  };

  await guess(3);
  await letResend(id);
  const headers = { 'Idempotency-Key': randomUUID() };
  const again = await ask(shop, 'POST', `/auth/verifications/${id}/messages`, { headers, body: {} });
  expect([again.status, await codeOn(phone, 2)]).toEqual([200, code]);
  await guess(3);

  expect(tries).toEqual([4, 3, 2, 1, 0, 'auth.code_over']);
  expect((await enter(id, phone, code)).body.code).toBe('auth.code_over');
});

test('a hundred guesses over four codes of a number are twenty tries, and the right one of a fifth is refused', async () => {
  const { shop } = journey;
  const phone = buildPhone();
  const outcomes: string[] = [];
  for (let time = 1; time <= 4; time += 1) {
    const asked = await wantCode(phone, { headers: somebody() });
    expect(asked.status).toBe(201);
    const code = await codeOn(phone, time);
    for (let batch = 0; batch < 5; batch += 1) {
      const guesses = Array.from({ length: 5 }, (_, index) =>
        enter(asked.body.id, phone, wrongOf(code, batch * 5 + index + 1)),
      );
      outcomes.push(...(await Promise.all(guesses)).map(({ body }) => body.code));
    }
    await ageCodes(shop.database, phone, 301);
  }
  expect(tally(outcomes)).toEqual({
    'auth.code_wrong': 20,
    'auth.code_over': 60,
    'auth.guesses_too_many': 20,
  });

  const fifth = await wantCode(phone, { headers: somebody() });
  const right = await enter(fifth.body.id, phone, await codeOn(phone, 5));

  expect([right.status, right.body.code]).toEqual([429, 'auth.guesses_too_many']);
  expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('a stranger who asks for my number a hundred times keeps others out, and not my device', async () => {
  const { shop } = journey;
  const phone = buildPhone();
  const { deviceToken } = (await signIn(phone)).body;
  await ageCodes(shop.database, phone, AN_HOUR);
  const foreign = (await signIn(buildPhone())).body.deviceToken;

  const strangers = [];
  for (let round = 0; round < 100; round += 1) strangers.push(await wantCode(phone, { headers: somebody() }));
  const stolen = await wantCode(phone, { headers: { ...somebody(), 'X-Device-Token': foreign } });
  const forged = await wantCode(phone, { headers: { ...somebody(), 'X-Device-Token': `${deviceToken}x` } });

  expect(strangers.filter(({ status }) => status === 201)).toHaveLength(1);
  for (const { status } of [...strangers.slice(1), stolen, forged]) expect(status).toBe(429);
  // One message of my own and one of the stranger are on the phone.
  await codeOn(phone, 2);
  const known = await signIn(phone, { ...somebody(), 'X-Device-Token': deviceToken });
  expect(known.status).toBe(201);
  const list = await ask(shop, 'GET', '/me/sessions', { headers: bearer(known.body.session.accessToken) });
  expect(list.body.items).toHaveLength(2);
});

test('a code to the own number makes a session fresh, also while a stranger asks for the number', async () => {
  const { shop } = journey;
  const phone = buildPhone();
  const { session } = (await signIn(phone)).body;
  await rows(
    shop.database.manager,
    "UPDATE sessions SET proved_at = now() - interval '1 hour' WHERE id = $1",
    [session.sessionId],
  );
  const headers = bearer(session.accessToken);
  expect((await wantCode(phone, { headers: somebody() })).status).toBe(429);

  const asked = await ask(shop, 'POST', '/me/proofs/verifications', {
    headers: { ...headers, 'Idempotency-Key': randomUUID() },
    body: { language: 'en' },
  });
  expect(asked.status).toBe(201);
  const code = await codeOn(phone, 2);
  const proved = await ask(shop, 'POST', '/me/proofs', {
    headers,
    body: { verificationId: asked.body.id, code },
  });

  expect(proved.status).toBe(200);
  const workflow = shop.temporal.workflow.getHandle(verificationWorkflowId(asked.body.id));
  expect(await workflow.result()).toBe('used');
  expect(Date.parse(String(proved.body['freshUntil'])) - Date.now()).toBeGreaterThan(14 * 60_000);
  expect(await ask(shop, 'DELETE', '/me/sessions', { headers })).toMatchObject({ status: 200 });
});

test('while Temporal is away a code waits for the same key, and signing in goes on', async () => {
  const cut = await journey.shop.withTerms({
    temporal: { temporalAddress: '127.0.0.1:9', temporalDeadlineMs: 300 },
  });
  const [phone, other] = [buildPhone(), buildPhone()];
  const sent = await wantCode(other);
  const key = randomUUID();

  const away = await wantCode(phone, { key, at: cut });
  const body = { verificationId: sent.body.id, phone: other, code: await codeOn(other), delivery: 'body' };
  const entered = await ask(cut, 'POST', '/auth/sessions', { body });

  expect([away.status, away.body.code]).toEqual([503, 'service.unavailable']);
  expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(entered.status).toBe(201);
  expect(await stateOf(cut, entered.body.session.accessToken)).toBe('alive');
  expect(inboxOf(phone)).toEqual([]);
  const later = await wantCode(phone, { key });
  expect(later.status).toBe(200);
  expect((await enter(later.body.id, phone, await codeOn(phone))).status).toBe(201);
});

test('an address that asks for many codes has to solve a challenge for each, which counts once and for one number', async () => {
  const strict = await journey.shop.withTerms({ auth: { workFromPerHour: 1 } });
  const headers = { 'X-Forwarded-For': '198.51.100.7' };
  expect((await wantCode(buildPhone(), { headers, at: strict })).status).toBe(201);
  const [phone, other] = [buildPhone(), buildPhone()];
  const withWork = (number: string, work: string, key?: string) =>
    wantCode(number, { headers: { ...headers, 'X-Work': work }, at: strict, ...(key ? { key } : {}) });

  const asked = await wantCode(phone, { headers, at: strict });
  expect([asked.status, asked.body.code]).toEqual([428, 'auth.work_needed']);
  const challenge = JSON.parse(asked.body.workChallenge) as Challenge;
  const solution = await solveChallenge({ challenge, deriveKey });
  const packed = (payload: object) => Buffer.from(JSON.stringify(payload)).toString('base64');
  const work = packed({ challenge, solution });
  const cheap = { ...challenge, parameters: { ...challenge.parameters, cost: 1 } };

  for (const bad of [
    'x',
    packed({}),
    packed({ challenge: null, solution }),
    packed({ challenge: cheap, solution }),
  ]) {
    expect((await withWork(phone, bad)).body.code).toBe('auth.work_needed');
  }
  expect((await withWork(other, work)).body.code).toBe('auth.work_needed');
  const key = randomUUID();
  expect((await withWork(phone, work, key)).status).toBe(201);
  // A repeated request costs nothing, a further one does.
  expect((await withWork(phone, '', key)).status).toBe(200);
  await ageCodes(strict.database, phone, 121);
  expect((await withWork(phone, work)).body.code).toBe('auth.work_needed');
  expect((await wantCode(buildPhone(), { headers: somebody(), at: strict })).status).toBe(201);
});

test('a cart that is brought along joins in the sign-in, and opens with its token only together with the session', async () => {
  const { shop } = journey;
  const guest = new Buyer(shop);
  await guest.put(await journey.takeItem());
  const token = { 'X-Cart-Token': guest.cartToken };
  const phone = buildPhone();

  const asked = await wantCode(phone);
  const code = await codeOn(phone);
  const wrong = await enter(asked.body.id, phone, code === '000000' ? '000001' : '000000', token);
  expect(wrong.body.code).toBe('auth.code_wrong');
  expect((await guest.readCart()).units).toBe(1);
  const { status, body } = await enter(asked.body.id, phone, code, token);

  expect([status, body.cart]).toEqual([201, { isJoined: true, leftBehind: [] }]);
  const alone = await ask(shop, 'GET', '/carts/current', { headers: token });
  expect([alone.status, alone.body.code]).toEqual([403, 'cart.not_yours']);
  const session = bearer(body.session.accessToken);
  for (const headers of [session, { ...session, ...token }]) {
    expect((await ask(shop, 'GET', '/carts/current', { headers })).body).toMatchObject({ units: 1 });
  }
});

test('no number, name, address, code or token is in a problem or a metric, whatever goes wrong in a sign-in', async () => {
  const { shop } = journey;
  const [phone, newPhone] = [buildPhone(), buildPhone()];
  const person = { name: 'Ziba Nobody-Else', email: 'ziba@nobody-else.example', line: 'Nowhere-Else Street' };
  const problems: AuthAnswer[] = [];
  const call = async (method: string, path: string, asked: Parameters<typeof ask>[3] = {}) => {
    const headers = { 'Idempotency-Key': randomUUID(), ...asked.headers };
    const answer = await ask(shop, method, path, { ...asked, headers });
    if (answer.status >= 400) problems.push(answer);
    return answer;
  };
  const asked = await call('POST', '/auth/verifications', { body: { phone } });
  const code = await codeOn(phone);
  const typed = { verificationId: asked.body.id, phone, code, delivery: 'body' };
  const enterWith = (change: object, headers: Headed = {}) =>
    call('POST', '/auth/sessions', { headers, body: { ...typed, ...change } });

  await call('POST', '/auth/verifications', { body: { phone } });
  await call('POST', '/auth/verifications', { body: { phone: `${phone}0` } });
  await call('POST', '/auth/verifications', { body: { phone: [phone] } });
  await call('POST', '/auth/verifications', { body: `{"phone":"${phone}"` });
  await call('POST', `/auth/verifications/${phone}/messages`, { body: {} });
  await call('POST', `/auth/verifications/${asked.body.id}/messages`, { body: {} });
  await enterWith({ code: wrongOf(code) });
  await enterWith({ code: Number(code) });
  await enterWith({ code: `${code}0` });
  await enterWith({ deviceLabel: person.name.repeat(10) });
  await enterWith({ delivery: code });
  await enterWith({ delivery: 'cookie' });
  await enterWith({ phone: newPhone });
  const signedIn = await enterWith({ deviceLabel: person.name });
  expect(signedIn.status).toBe(201);
  const { session, deviceToken } = signedIn.body;
  const { accessToken, refreshToken } = session;
  await enterWith({}, { 'X-Device-Token': deviceToken });

  const headers = bearer(accessToken);
  await call('PATCH', '/me', { headers, body: { name: person.name.repeat(10), email: person.email } });
  await call('PATCH', '/me', { headers, body: { name: person.name, email: `${person.email}@` } });
  const recipient = {
    name: person.name,
    phone,
    province: 'IR-23',
    city: '9999',
    postalCode: '5951412749',
    lines: [person.line],
  };
  await call('POST', '/me/addresses', { headers, body: { recipient } });
  await call('POST', '/me/addresses', {
    headers,
    body: { recipient: { ...recipient, postalCode: '5951412749x' } },
  });
  await call('POST', '/me/number-changes', { headers, body: { newPhone: phone } });
  await call('POST', '/me/number-changes', { headers, body: { newPhone: `${newPhone}0` } });
  await call('POST', '/me/proofs', { headers, body: { verificationId: asked.body.id, code } });
  await call('POST', '/customers/search', { headers, body: { phone } });
  await call('GET', `/me/sessions?token=${accessToken}`, { headers: bearer(`${accessToken}x`) });
  await call('POST', '/auth/sessions/refresh', { body: { refreshToken: `${refreshToken}x` } });
  await call('POST', '/auth/sessions/refresh', { body: { refreshToken: deviceToken } });
  await call('POST', '/auth/sessions/second-factor', {
    body: { token: deviceToken, code, delivery: 'body' },
  });
  await call('POST', '/auth/factors', { body: { token: refreshToken } });
  await call('DELETE', '/auth/sessions/current', { headers });
  await call('GET', '/me', { headers });
  await call('GET', `/orders/${phone}`, { headers: { 'X-Order-Token': deviceToken } });

  // Everything but asking, the sign-in and the sign-out was refused.
  expect(problems.length).toBeGreaterThanOrEqual(28);
  expect(tally(problems.map(({ headers: it }) => it.get('content-type') ?? ''))).toEqual({
    'application/problem+json': problems.length,
  });
  const metrics = await shop.metrics.registry.metrics();
  expect(metrics).toContain('asoud_codes_total');
  const traces = [
    ...[phone.slice(3), newPhone.slice(3), person.name, person.email, person.line, '5951412749'],
    ...[accessToken, refreshToken, deviceToken],
  ];
  const told = [...problems.map(({ body }) => JSON.stringify(body)), metrics];
  for (const text of told) {
    expect(
      traces.filter((trace) => text.includes(trace)),
      text.slice(0, 500),
    ).toEqual([]);
    // Six digits stand in many an id and count. Codes are looked for as a value or a word.
    expect(text).not.toMatch(new RegExp(`(?<![\\w.-])${code}(?![\\w.-])`));
  }
});
