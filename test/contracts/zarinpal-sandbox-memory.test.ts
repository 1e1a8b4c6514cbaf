import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';

import { STORE_FILE } from '../../sandbox/kit/kit';
import { startZarinpalSandbox, type ZarinpalSandbox } from '../../sandbox/providers/zarinpal/server';
import { listenForCallbacks } from '../support/callback-listener';
import { PATIENCE } from '../support/patience';
import { zarinpalControl } from '../support/zarinpal';
import { MERCHANT, zarinpalCaller } from '../support/zarinpal-caller';

const folder = mkdtempSync(join(tmpdir(), 'zarinpal-sandbox-'));
let state: string;
let stateFile: string;
let running: ZarinpalSandbox[] = [];
let files = 0;

beforeEach(() => {
  files += 1;
  state = join(folder, 'deeper', String(files));
  stateFile = join(state, 'zarinpal', STORE_FILE);
});
afterEach(async () => {
  await Promise.all(running.map((sandbox) => sandbox.stop()));
  running = [];
});
afterAll(() => rmSync(folder, { recursive: true }));

async function start(options: { sessionLimit?: number; journalLimit?: number } = {}) {
  const sandbox = await startZarinpalSandbox({ port: 0, folder: join(state, 'zarinpal'), ...options });
  running.push(sandbox);
  return { sandbox, control: zarinpalControl(sandbox.url), zarinpal: zarinpalCaller(sandbox.url) };
}

async function restart(options = {}) {
  await running.pop()?.stop();
  return start(options);
}

describe('after a restart', () => {
  it('sessions stand where they stood, and verify still answers 101 with the same reference', async () => {
    const before = await start();
    const [open, paid, verified] = [
      await before.zarinpal.open(),
      await before.zarinpal.paid(before.control),
      await before.zarinpal.verified(before.control),
    ];
    const { refId } = await before.control.session(verified);

    const { control, zarinpal } = await restart();
    expect((await zarinpal.inquire(open)).body.data.status).toBe('IN_BANK');
    expect((await zarinpal.verify(paid)).body.data.code).toBe(100);
    expect((await zarinpal.verify(verified)).body.data).toMatchObject({ code: 101, ref_id: refId });
    expect((await control.sessions()).map(({ authority }) => authority)).toEqual([verified, paid, open]);
  });

  it('clock, switches, faults, rules, merchants and journal are as they were', async () => {
    const before = await start();
    await before.control.clock.freeze('2026-03-21T00:00:00Z');
    await before.control.switches.change({ payableMs: 1_000 });
    await before.control.merchant(MERCHANT, { standing: 'suspended' });
    await before.control.fault({ kind: 'code', code: -52, times: 2, endpoint: 'inquiry' });
    await before.control.callbackRule({ suppress: true });
    await before.zarinpal.inquire('nobody');
    const journal = await before.control.journal();

    const { control, zarinpal } = await restart();
    expect(await control.clock.read()).toMatchObject({ now: '2026-03-21T00:00:00.000Z', frozen: true });
    expect(await control.switches.read()).toMatchObject({ payableMs: 1_000, verifyWindowMs: 1_800_000 });
    expect((await zarinpal.call('request', { ...buildMinimal() })).body.errors.code).toBe(-15);
    expect((await zarinpal.inquire('nobody')).body.errors.code).toBe(-52);
    expect((await zarinpal.inquire('nobody')).status).toBe(422);
    expect((await control.journal()).slice(0, journal.length)).toEqual(journal);
  });

  it('the journal goes on counting, and what was forgotten stays forgotten', async () => {
    const before = await start();
    await before.zarinpal.open();
    await before.control.reset();
    await before.zarinpal.open();
    const journal = await before.control.journal();

    const { control } = await restart();
    expect(await control.sessions()).toHaveLength(1);
    expect(await control.journal()).toEqual(journal);
  });

  it('a held callback is still there to be released', async () => {
    const shop = await listenForCallbacks();
    const before = await start();
    await before.control.callbackRule({ hold: true });
    await before.control.pay(await before.zarinpal.open({ callback_url: shop.url }), { follow: true });

    const { control } = await restart();
    await control.releaseCallbacks();
    expect(shop.visits).toHaveLength(1);
    await shop.close();
  });

  it('the automatic buyer acts on the sessions that waited for it', async () => {
    const before = await start();
    await before.control.switches.change({ autoPay: 'on-request', autoPayAfterMs: 60_000 });
    const authority = await before.zarinpal.open();
    await before.control.switches.change({ autoPayAfterMs: 10, autoPayOutcome: 'pay-and-close-tab' });

    const { control } = await restart();
    await vi.waitFor(async () => expect((await control.session(authority)).state).toBe('PAID'), PATIENCE);
  });

  it('half a line, which a killed process may leave, does not matter', async () => {
    const before = await start();
    const authority = await before.zarinpal.open();
    await running.pop()?.stop();
    appendFileSync(stateFile, '["sessions", "S000", {"autho');

    const { zarinpal } = await start();
    const second = await zarinpal.open();
    const after = await restart();
    expect((await after.zarinpal.inquire(authority)).body.data.status).toBe('IN_BANK');
    expect((await after.zarinpal.inquire(second)).body.data.status).toBe('IN_BANK');
  });

  it('the file is only for its owner', async () => {
    await start();
    expect(statSync(stateFile).mode & 0o777).toBe(0o600);
  });
});

describe('an answer', () => {
  it('begins only when its content is in the file', async () => {
    const { zarinpal } = await start();
    const wasThere: boolean[] = [];
    // oxlint-disable-next-line typescript/unbound-method -- called below with its own response
    const end = ServerResponse.prototype.end as (this: ServerResponse, text: string) => ServerResponse;
    const watch = vi.spyOn(ServerResponse.prototype, 'end');
    onTestFinished(() => watch.mockRestore());
    watch.mockImplementation(function (this: ServerResponse, text: string) {
      const { authority } = (JSON.parse(text) as { data: { authority: string } }).data;
      wasThere.push(readFileSync(stateFile, 'utf8').includes(authority));
      return end.call(this, text);
    } as typeof ServerResponse.prototype.end);
    await zarinpal.open();
    expect(wasThere).toEqual([true]);
  });
});

describe('the limits of memory', () => {
  it('forget the oldest finished session first, and never more than needed', async () => {
    const { control, zarinpal } = await start({ sessionLimit: 3 });
    const [open, refused, paid] = [
      await zarinpal.open(),
      await zarinpal.open(),
      await zarinpal.paid(control),
    ];
    await control.refuse(refused);
    const newest = await zarinpal.open();
    const kept = (await control.sessions()).map(({ authority }) => authority);
    expect(kept).toEqual([newest, paid, open]);
    await expect((await restart({ sessionLimit: 3 })).zarinpal.inquire(refused)).resolves.toMatchObject({
      status: 422,
    });
  });

  it('keep the newest entries of the journal', async () => {
    const { control, zarinpal } = await start({ journalLimit: 10 });
    for (let call = 0; call < 40; call += 1) await zarinpal.inquire('nobody');
    const journal = await control.journal();
    expect(journal).toHaveLength(10);
    expect(journal.at(-1)!.seq - journal[0]!.seq).toBe(9);
  });

  it('rewrite the file when it is opened, so that it does not grow for ever', async () => {
    const before = await start({ journalLimit: 5 });
    const authority = await before.zarinpal.open();
    for (let call = 0; call < 50; call += 1) await before.zarinpal.inquire(authority);
    const grown = readFileSync(stateFile).length;
    await restart({ journalLimit: 5 });
    expect(readFileSync(stateFile).length).toBeLessThan(grown / 3);
  });
});

describe('as a process', () => {
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill('SIGKILL'));

  /** Starts the compiled sandbox on a free port and waits until it says where it is. */
  async function launch(): Promise<string> {
    child = spawn(process.execPath, [join(__dirname, '../../dist/sandbox/providers/main.js')], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: {
        SANDBOX_ZARINPAL_PORT: '0',
        SANDBOX_SMS_IR_PORT: '0',
        SANDBOX_KAVENEGAR_PORT: '0',
        SANDBOX_TWILIO_PORT: '0',
        SANDBOX_S3_PORT: '0',
        SANDBOX_SUPPLIER_PORT: '0',
        SANDBOX_SMS_INBOX_PORT: '0',
        SANDBOX_STATE_FOLDER: state,
        LOG_LEVEL: 'silent',
      },
    });
    const { zarinpal } = await new Promise<{ zarinpal: string }>((resolve, reject) => {
      child!.once('message', resolve);
      child!.once('exit', (code) => reject(new Error(`the sandbox ended with ${code}`)));
    });
    return zarinpal;
  }

  function ended(): Promise<[number | null, string | null]> {
    return new Promise((resolve) => child!.once('exit', (code, signal) => resolve([code, signal])));
  }

  it('keeps whatever it answered, also when it is killed in the middle of a storm', async () => {
    const url = await launch();
    const zarinpal = zarinpalCaller(url);
    const answered: string[] = [];
    const storm = Array.from({ length: 8 }, async () => {
      for (;;) answered.push(await zarinpal.open());
    });
    const stormIsOver = Promise.allSettled(storm);
    await vi.waitFor(() => expect(answered.length).toBeGreaterThan(100), PATIENCE);
    const gone = ended();
    child!.kill('SIGKILL');
    await Promise.all([gone, stormIsOver]);

    const again = zarinpalCaller(await launch());
    const statuses = await Promise.all(answered.map((authority) => again.inquire(authority)));
    expect(statuses.every(({ body }) => body.data.status === 'IN_BANK')).toBe(true);
  });

  it('is healthy, and ends cleanly when asked to, also with a call hanging', async () => {
    const url = await launch();
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok' });
    await zarinpalControl(url).fault({ kind: 'timeout' });
    const hanging = Promise.allSettled([zarinpalCaller(url).inquire('nobody')]);
    const calls = () => zarinpalControl(url).journal({ endpoint: 'inquiry' });
    await vi.waitFor(async () => expect(await calls()).toHaveLength(1), PATIENCE);
    const gone = ended();
    child!.kill('SIGTERM');
    expect(await gone).toEqual([0, null]);
    expect(await hanging).toMatchObject([{ status: 'rejected' }]);
  });
});

function buildMinimal() {
  return {
    merchant_id: MERCHANT,
    amount: 10_000,
    description: 'x',
    callback_url: 'https://shop.example.ir/',
  };
}
