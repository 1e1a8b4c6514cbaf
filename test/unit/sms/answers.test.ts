import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { SmsProvider } from '../../../activities/sms/sms-provider';
import { respond, startProvider, type Provider } from '../../support/fake-provider';
import { ACCOUNT_SID, buildLost, buildProvider, buildText, KEY, SID, TEXT, TO } from './builders';

let server: Provider;
beforeAll(async () => {
  server = await startProvider();
});
beforeEach(() => server.forget());
afterAll(() => server.stop());

/** An error and a success in the words of each provider. */
const PROVIDERS = {
  'sms-ir': {
    id: '10000001',
    error: (code: number) => JSON.stringify({ status: code, message: `${TO} ${KEY}`, data: null }),
    success: JSON.stringify({
      status: 1,
      message: 'موفق',
      data: { packId: 'x', messageIds: [10000001], cost: 1 },
    }),
    unlisted: 999,
    config: 102,
    overload: 20,
  },
  kavenegar: {
    id: '8700001',
    error: (code: number) =>
      JSON.stringify({ return: { status: code, message: `${TO} ${KEY}` }, entries: null }),
    success: JSON.stringify({
      return: { status: 200, message: 'تایید شد' },
      entries: [{ messageid: 8700001, cost: 120 }],
    }),
    unlisted: 699,
    config: 418,
    overload: 451,
  },
  twilio: {
    id: SID,
    error: (code: number) => JSON.stringify({ code, message: `${TO} ${KEY}`, more_info: TO, status: 400 }),
    success: JSON.stringify({ sid: SID, status: 'queued', price: null, price_unit: null }),
    unlisted: 29999,
    config: 21606,
    overload: 20429,
  },
} as const;

function callsOf(provider: SmsProvider, id: string) {
  return {
    sendText: () => provider.sendText(buildText()),
    sendTemplate: () =>
      provider.sendTemplate?.({ ...buildText(), template: '100003', parameters: { token: '1234' } }) ??
      provider.sendText(buildText()),
    report: () => provider.report({ providerMessageId: id, sentAt: new Date() }),
    find: () => provider.find(buildLost({ sentAt: new Date() })),
    credit: () => provider.credit(),
  };
}
const CALLS = ['sendText', 'sendTemplate', 'report', 'find', 'credit'] as const;

describe.each(Object.keys(PROVIDERS) as (keyof typeof PROVIDERS)[])('the adapter of %s', (name) => {
  const words = PROVIDERS[name];
  const call = (which: (typeof CALLS)[number], provider = buildProvider(name, server.url)) =>
    callsOf(provider, words.id)[which]();

  it('reads the body and the HTTP status together', async () => {
    for (const status of [200, 400]) {
      server.answerWith(respond(words.error(words.config), status));
      for (const which of CALLS) {
        expect(await call(which), `${which} ${status}`).toEqual({
          kind: 'refused',
          class: 'config',
          code: String(words.config),
          message: expect.stringMatching(/^[a-z ]+$/i),
        });
      }
    }
    for (const status of [302, 400, 500, 503]) {
      server.answerWith(respond(words.success, status));
      expect(await call('sendText'), String(status)).toMatchObject({ kind: 'unknown' });
    }
    server.answerWith(respond(words.success, name === 'twilio' ? 201 : 200));
    expect(await call('sendText')).toMatchObject({ kind: 'accepted', providerMessageId: words.id });
  });

  it('leaves a code unknown that the provider does not document', async () => {
    server.answerWith(respond(words.error(words.unlisted), 200));
    for (const which of CALLS) expect(await call(which), which).toMatchObject({ kind: 'unknown' });
  });

  it('says how long to leave an overloaded provider alone, if it says so', async () => {
    const header = { 'retry-after': '17' };
    const overload = { kind: 'refused', class: 'overload', retryAfterMs: 17_000 };
    server.answerWith(respond(words.error(words.overload), 429, header));
    for (const which of CALLS) expect(await call(which), which).toMatchObject(overload);
    server.answerWith(respond('<html>slow down</html>', 429, header));
    for (const which of CALLS) expect(await call(which), which).toMatchObject({ ...overload, code: '429' });
    server.answerWith(respond('', 429));
    expect(await call('sendText')).toEqual({
      kind: 'refused',
      class: 'overload',
      code: '429',
      message: 'too many requests',
    });
  });

  it('reports unknown for what is not the answer of the provider', async () => {
    const bodies = ['', 'null', '[]', '"{}"', '<html></html>', words.success.slice(0, 20)];
    for (const status of [200, 404, 502]) {
      for (const body of [...bodies, `[${words.success}]`, `{"result":${words.success}}`]) {
        server.answerWith(respond(body, status));
        for (const which of CALLS) {
          expect(await call(which), `${which} ${status} ${body}`).toMatchObject({ kind: 'unknown' });
        }
      }
    }
  });

  it('refuses without an answer only when there was no connection', async () => {
    const gone = await startProvider();
    await gone.stop();
    for (const which of CALLS) {
      expect(await call(which, buildProvider(name, gone.url)), which).toEqual({
        kind: 'refused',
        class: 'overload',
        code: 'no_connection',
        message: 'no connection came about',
      });
    }
    server.answerWith((response) => void response.destroy());
    for (const which of CALLS) {
      expect(await call(which), which).toEqual({ kind: 'unknown', message: 'no answer (network)' });
    }
    server.answerWith(() => {});
    const impatient = buildProvider(name, server.url, { timeoutMs: 50 });
    expect(await call('sendText', impatient)).toEqual({ kind: 'unknown', message: 'no answer (timeout)' });
  });

  it('calls once, and shows neither key nor number nor text in an outcome, whatever the provider repeats', async () => {
    const secrets = [KEY, ACCOUNT_SID, TEXT, TO.slice(1), TO.slice(3)];
    const seen: unknown[] = [];
    for (const body of [
      words.error(words.config),
      words.error(words.unlisted),
      words.success,
      `{"x":"${TO}"}`,
    ]) {
      for (const status of [200, 400, 500]) {
        server.answerWith(respond(body, status));
        for (const which of CALLS) {
          server.forget();
          seen.push(await call(which));
          expect(server.calls.length, which).toBe(1);
        }
      }
    }
    for (const secret of secrets) expect(JSON.stringify(seen)).not.toContain(secret);
  });
});
