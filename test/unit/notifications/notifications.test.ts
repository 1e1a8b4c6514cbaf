import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';

import { decideDelivery, MESSAGES_A_DAY, STALE_MS } from '../../../entities/notifications/decide-delivery';
import {
  instantAt,
  localTime,
  nextHour,
  quietUntil,
  zoneOf,
} from '../../../entities/notifications/local-time';
import {
  CATEGORY_CHANNELS,
  NOTIFICATION_CATEGORIES,
} from '../../../entities/notifications/notification-categories';
import {
  DIGEST_SMS,
  kindOf,
  NOTIFICATION_KINDS,
  type NotificationKind,
} from '../../../entities/notifications/notification-kinds';
import { NOTIFICATION_RULES, tellingsOf } from '../../../entities/notifications/notification-rules';
import { FACTS, fillText } from '../../../entities/notifications/notification-text';
import { DEFAULT_SETTINGS } from '../../../entities/notifications/own-settings';
import { SEED_SMS_TEMPLATES } from '../../../entities/seeds/sms-templates';

const KINDS = Object.keys(NOTIFICATION_KINDS) as NotificationKind[];
const NIGHT = { zone: 'Asia/Tehran', quietFrom: 22 * 60, quietTo: 8 * 60 };
/** In Tehran it is 3 h 30 min later. */
const utc = (text: string) => new Date(`${text}Z`);

describe('texts', () => {
  test.each(KINDS)('%s has every language, and its placeholders are facts of its rows', (kind) => {
    const { text, category, sms } = kindOf(kind);
    for (const language of ['fa', 'en'] as const) {
      const names = Array.from(text[language].matchAll(/\{(\w+)\}/g), ([, name]) => name);
      expect(FACTS).toEqual(expect.arrayContaining(names));
      expect(fillText(text[language], {})).not.toContain('{');
    }
    expect(sms === undefined || CATEGORY_CHANNELS[category].sms !== undefined).toBe(true);
  });

  test.each(
    KINDS.filter((kind) => kindOf(kind).sms)
      .map((kind) => [kind, kindOf(kind).sms!] as const)
      .concat([['notification_digest' as never, DIGEST_SMS]]),
  )('the message of %s fits its template row, in every language and each provider', (_kind, form) => {
    const seed = SEED_SMS_TEMPLATES.find(({ key }) => key === form.template)!;
    expect(seed.kind).toBe('notice');
    expect(seed.variables.map(({ name }) => name)).toEqual(Object.keys(form.variables));
    for (const { text, names } of Object.values(seed.languages)) {
      const places = Array.from(text.matchAll(/\{(\w+)\}/g), ([, name]) => name);
      expect(places).toEqual(Object.keys(form.variables));
      expect(Object.values(names ?? {}).every((name) => name !== '')).toBe(true);
    }
  });

  test('what is gone leaves a mark, and no value is taken for a placeholder', () => {
    expect(fillText('{product} ({sku})', { sku: '{product}' })).toBe('… ({product})');
  });
});

describe('rules', () => {
  test('every kind but those that stock alerts make comes from a rule', () => {
    const told = new Set(NOTIFICATION_RULES.map(({ kind }) => kind));
    expect([...told, 'stock_back'].toSorted()).toEqual(KINDS.toSorted());
  });

  test('an event that is older than the code names nothing and is left out', () => {
    const event = { version: 1, createdAt: new Date(), aggregateId: 'no id', payload: {} };
    expect(tellingsOf({ ...event, aggregateType: 'stock_level', type: 'stock.low' })).toEqual([]);
    expect(tellingsOf({ ...event, aggregateType: 'order', type: 'order.paid' })).toEqual([]);
    expect(tellingsOf({ ...event, aggregateType: 'parcel', type: 'parcel.moved' })).toEqual([]);
  });
});

test('of a question that waits the next lines are no news, nor is what a customer resolves; old events are told', () => {
  const tell = (type: string, payload: Record<string, unknown>) =>
    tellingsOf({
      ...{ version: 3, createdAt: new Date(), aggregateType: 'ticket', type, payload },
      aggregateId: '0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b',
    }).map(({ kind }) => kind);
  const answered = (asks?: boolean) =>
    tell('ticket.answered', { seq: 3, by: 'customer', ...(asks === undefined ? {} : { asks }) });
  expect([answered(true), answered(), answered(false)]).toEqual([['ticket_replied'], ['ticket_replied'], []]);
  const resolved = (by?: string) =>
    tell('ticket.status_changed', { from: 'open', to: 'resolved', ...(by === undefined ? {} : { by }) });
  expect([resolved('shop'), resolved(), resolved('customer')]).toEqual([
    ['ticket_resolved'],
    ['ticket_resolved'],
    [],
  ]);
});

describe('quiet hours', () => {
  test.each([
    ['in the evening', '2026-12-01T18:30:00', '2026-12-02T04:30:00'],
    ['after midnight', '2026-12-01T22:00:00', '2026-12-02T04:30:00'],
    ['in their last minute', '2026-12-02T04:29:59', '2026-12-02T04:30:00'],
    ['at their end', '2026-12-02T04:30:00', null],
    ['a minute before them', '2026-12-01T18:29:00', null],
  ])('over midnight, %s', (_when, now, until) => {
    expect(quietUntil(utc(now), NIGHT)).toEqual(until === null ? null : utc(until));
  });

  test('within a day, and none with equal ends', () => {
    const noon = { ...NIGHT, quietFrom: 12 * 60, quietTo: 13 * 60 };
    expect(quietUntil(utc('2026-12-01T08:45:00'), noon)).toEqual(utc('2026-12-01T09:30:00'));
    expect(quietUntil(utc('2026-12-01T18:45:00'), noon)).toBeNull();
    expect(quietUntil(utc('2026-12-01T08:45:00'), { ...NIGHT, quietFrom: 720, quietTo: 720 })).toBeNull();
  });

  test('where clocks change, they end when clocks show their end, or as soon as that was left out', () => {
    const berlin = { zone: 'Europe/Berlin', quietFrom: 22 * 60, quietTo: 2 * 60 + 30 };
    // From 2:00 to 3:00.
    expect(quietUntil(utc('2027-03-28T00:30:00'), berlin)).toEqual(utc('2027-03-28T01:30:00'));
    // From 3:00 back to 2:00.
    const back = quietUntil(utc('2027-10-31T00:10:00'), berlin)!;
    expect(localTime(back, berlin.zone).minute).toBe(150);
  });

  test('they always end later, within a day and a bit, and outside of themselves', () => {
    const zones = [
      'Asia/Tehran',
      'Europe/Berlin',
      'America/St_Johns',
      'Pacific/Apia',
      'UTC',
      'Australia/Lord_Howe',
    ];
    fc.assert(
      fc.property(
        fc.date({ min: utc('2026-01-01T00:00:00'), max: utc('2028-01-01T00:00:00'), noInvalidDate: true }),
        fc.constantFrom(...zones),
        fc.nat(1_439),
        fc.nat(1_439),
        (now, zone, quietFrom, quietTo) => {
          const end = quietUntil(now, { zone, quietFrom, quietTo });
          if (end === null) return;
          expect(end.getTime()).toBeGreaterThan(now.getTime());
          expect(end.getTime() - now.getTime()).toBeLessThanOrEqual(25 * 3_600_000);
        },
      ),
    );
  });

  test('a zone is one of the IANA', () => {
    const isZone = (zone: string) => zoneOf(zone) !== undefined;
    const zones = ['Asia/Tehran', 'UTC', 'America/Argentina/Buenos_Aires', 'EST5EDT', 'GMT0', 'Etc/GMT+3'];
    expect(zones.filter((zone) => !isZone(zone))).toEqual([]);
    expect(
      ['+03:30', '0330', 'UTC+3', 'Mars/Olympus', '', 'Asia/Tehran; --', 'x'.repeat(64)].some(isZone),
    ).toBe(false);
  });

  test('a zone has one name however it is spelt, and spellings fill no memory', () => {
    expect(['aSiA/tEhRaN', 'Iran', 'etc/utc'].map(zoneOf)).toEqual(['Asia/Tehran', 'Asia/Tehran', 'UTC']);
    const built = vi.spyOn(Intl, 'DateTimeFormat');
    for (let spelling = 0; spelling < 2_048; spelling += 1) {
      const mixed = Array.from('asia/tehran', (letter, at) =>
        spelling & (1 << at) ? letter.toUpperCase() : letter,
      ).join('');
      expect(zoneOf(mixed)).toBe('Asia/Tehran');
      // A row from before names were canonical.
      expect(localTime(utc('2026-12-01T20:30:00'), mixed)).toEqual({ day: '2026-12-02', minute: 0 });
    }
    expect(built.mock.calls.length).toBeLessThanOrEqual(1);
    built.mockRestore();
  });

  test('the next full hour is later today or tomorrow', () => {
    expect(nextHour(utc('2026-12-01T05:00:00'), 9, 'Asia/Tehran')).toEqual(utc('2026-12-01T05:30:00'));
    expect(nextHour(utc('2026-12-01T05:30:00'), 9, 'Asia/Tehran')).toEqual(utc('2026-12-02T05:30:00'));
    expect(instantAt('2026-12-01', 0, 'Asia/Tehran')).toEqual(utc('2026-11-30T20:30:00'));
  });
});

describe('a message that waits', () => {
  const now = utc('2026-12-01T08:30:00');
  const night = utc('2026-12-01T20:30:00');
  const message = { category: 'order', isRead: false, createdAt: now } as const;
  const recipient = {
    ...{
      isThere: true,
      isStaff: false,
      choices: [],
      settings: DEFAULT_SETTINGS,
      lastDigest: null,
      sentToday: 0,
    },
  };
  const off = [{ category: 'order', channel: 'sms', isOn: false }] as const;
  const daily = { ...DEFAULT_SETTINGS, digest: 'daily' } as const;

  test.each([
    ['is sent', {}, {}, now, { kind: 'send' }],
    ['waits at night', {}, {}, night, { kind: 'wait', reason: 'quiet', until: utc('2026-12-02T04:30:00') }],
    [
      'is dropped where it is switched off',
      {},
      { choices: off },
      now,
      { kind: 'drop', reason: 'preference' },
    ],
    ['is dropped when it was read', { isRead: true }, {}, now, { kind: 'drop', reason: 'read' }],
    ['is dropped without a person', {}, { isThere: false }, now, { kind: 'drop', reason: 'gone' }],
    ['is dropped after twenty', {}, { sentToday: MESSAGES_A_DAY }, now, { kind: 'drop', reason: 'limit' }],
    ['of work is dropped for a customer', { category: 'desk' }, {}, now, { kind: 'drop', reason: 'role' }],
    [
      'waits for the digest',
      {},
      { settings: daily },
      now,
      { kind: 'wait', reason: 'digest', until: utc('2026-12-02T05:30:00') },
    ],
    [
      'of an answer waits a few minutes for more',
      { standsForNext: true },
      {},
      utc('2026-12-01T08:34:00'),
      { kind: 'wait', reason: 'more', until: utc('2026-12-01T08:35:00') },
    ],
    [
      'of an answer is sent after that',
      { standsForNext: true },
      {},
      utc('2026-12-01T08:35:00'),
      { kind: 'send' },
    ],
    ['is summed up at its hour', {}, { settings: daily }, utc('2026-12-02T05:30:00'), { kind: 'digest' }],
    [
      'waits for tomorrow when today had a digest',
      {},
      { settings: daily, lastDigest: '2026-12-02' },
      utc('2026-12-02T06:00:00'),
      { kind: 'wait', reason: 'digest', until: utc('2026-12-03T05:30:00') },
    ],
  ] as const)('%s', (_what, other, of, at, decision) => {
    expect(decideDelivery({ ...message, ...other }, { ...recipient, ...of }, at)).toEqual(decision);
  });

  test('of a digest whose hour is quiet comes every day at the end of the quiet hours', () => {
    const late = { ...DEFAULT_SETTINGS, digest: 'daily', digestHour: 23 } as const;
    const days: string[] = [];
    let lastDigest: string | null = null;
    // Each hour of five days somebody is told something, and it is judged whether the digest comes.
    const waiting: Date[] = [];
    for (let hour = 0; hour <= 120; hour += 1) {
      const at = new Date(now.getTime() + hour * 3_600_000 - 4 * 3_600_000);
      waiting.push(at);
      const of = { ...recipient, settings: late, lastDigest };
      const decisions = waiting.map((createdAt) => decideDelivery({ ...message, createdAt }, of, at));
      const summed = decisions.filter(({ kind }) => kind === 'digest').length;
      if (summed === 0) continue;
      const { day, minute } = localTime(at, late.zone);
      expect(minute).toBe(8 * 60);
      days.push(day);
      lastDigest = day;
      waiting.splice(0, summed);
    }
    expect(days).toEqual(['2026-12-02', '2026-12-03', '2026-12-04', '2026-12-05', '2026-12-06']);
  });

  test.each(['security', 'payment'] as const)(
    'of %s ignores night, choices, digest, reading and the limit of a day, and is dropped when it is old',
    (category) => {
      const urgent = { ...message, category, isRead: true };
      const choices = NOTIFICATION_CATEGORIES.map((it) => ({
        category: it,
        channel: 'sms' as const,
        isOn: false,
      }));
      const everything = { ...recipient, choices, settings: daily, sentToday: 500 };
      expect(decideDelivery(urgent, everything, night)).toEqual({ kind: 'send' });
      const late = new Date(now.getTime() + STALE_MS + 1);
      expect(decideDelivery(urgent, everything, late)).toEqual({ kind: 'drop', reason: 'stale' });
    },
  );
});
