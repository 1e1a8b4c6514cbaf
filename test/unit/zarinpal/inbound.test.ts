import { describe, expect, it } from 'vitest';

import type { InboundParameters } from '../../../activities/payments/gateway-inbound';
import { createInbound } from '../../../activities/payments/inbound';
import { AUTHORITY } from './bodies';

const read = (query: InboundParameters, body?: InboundParameters) =>
  createInbound()
    .get('zarinpal')!
    .readCallback(query, body === undefined ? 'GET' : 'POST', body);

const OTHER = `${AUTHORITY.slice(0, -1)}5`;

describe('a browser that comes back from Zarinpal', () => {
  it.each(['Authority', 'authority', 'AUTHORITY', 'aUtHoRiTy'])(
    'is read when the parameter is called %s',
    (name) => {
      expect(read({ [name]: AUTHORITY, STATUS: 'OK' })).toEqual({ authority: AUTHORITY, claimed: 'paid' });
    },
  );

  it.each([
    ['OK', 'paid'],
    ['ok', 'paid'],
    ['NOK', 'not_paid'],
    [' nok ', 'not_paid'],
    ['', 'unclear'],
    ['PAID', 'unclear'],
    [undefined, 'unclear'],
    [['OK', 'OK'], 'paid'],
    [['OK', 'NOK'], 'unclear'],
    [[], 'unclear'],
  ])('with Status %j claims %s', (Status, claimed) => {
    expect(read({ Authority: AUTHORITY, Status })).toEqual({ authority: AUTHORITY, claimed });
  });

  it('may bring the authority several times, with junk before it', () => {
    expect(read({ authority: ['x', AUTHORITY, OTHER], status: 'OK' })?.authority).toBe(AUTHORITY);
    expect(read({ Authority: '', authority: AUTHORITY })?.authority).toBe(AUTHORITY);
    expect(read({ Authority: ` ${AUTHORITY} ` })?.authority).toBe(AUTHORITY);
  });

  it('may bring other parameters, those of our own callback address among them', () => {
    expect(read({ order: '1', utm: ['a', 'b'], Authority: AUTHORITY, Status: 'OK' })).toEqual({
      authority: AUTHORITY,
      claimed: 'paid',
    });
  });

  it('may come as a form', () => {
    expect(read({}, { Authority: AUTHORITY, Status: 'OK' })).toEqual({
      authority: AUTHORITY,
      claimed: 'paid',
    });
  });

  it.each([
    {},
    { Status: 'OK' },
    { Authority: '' },
    { Authority: AUTHORITY.toLowerCase() },
    { Authority: AUTHORITY.slice(1) },
    { Authority: `${AUTHORITY}0` },
    { Authority: `${AUTHORITY.slice(0, -1)}۴` },
    { Authority: `${AUTHORITY.slice(0, -2)}%00` },
    { Authority: [] },
    { Authority: undefined },
    { Authority: `${' '.repeat(1_000_000)}${AUTHORITY}` },
    { Authority: Array.from({ length: 10_000 }, () => 'x').concat(AUTHORITY) },
    { 'Authority[]': AUTHORITY },
  ] as InboundParameters[])('names no payment in case %#', (query) => {
    expect(read(query)).toBeUndefined();
  });

  it('survives whatever a parser makes of a hostile request', () => {
    for (const junk of [
      null,
      5,
      'Authority',
      [],
      { Authority: null },
      { Authority: { $ne: 1 } },
      { Authority: [[1]] },
    ]) {
      expect(read(junk as unknown as InboundParameters)).toBeUndefined();
      expect(read({}, junk as unknown as InboundParameters)).toBeUndefined();
    }
  });
});
