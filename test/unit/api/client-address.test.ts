import { expect, test } from 'vitest';

import { clientAddressOf, clientKeyOf, limitIdentityOf } from '../../../platform/client-address';
import { createKeyedHash } from '../../../platform/keyed-hash';

function from(remoteAddress: string | undefined, forwarded?: string | string[]) {
  return { headers: { 'x-forwarded-for': forwarded } as never, socket: { remoteAddress } };
}

test('without trusted proxies the header is ignored', () => {
  expect(clientAddressOf(from('203.0.113.9', '1.1.1.1'), 0)).toBe('203.0.113.9');
});

test('each trusted proxy vouches for one entry from the right', () => {
  const request = from('10.0.0.1', '6.6.6.6, 203.0.113.9, 10.0.0.2');

  expect(clientAddressOf(request, 1)).toBe('10.0.0.2');
  expect(clientAddressOf(request, 2)).toBe('203.0.113.9');
});

test('several headers count as one list', () => {
  expect(clientAddressOf(from('10.0.0.1', ['6.6.6.6', '203.0.113.9']), 1)).toBe('203.0.113.9');
});

test('a list shorter than the chain of proxies gives its first entry', () => {
  expect(clientAddressOf(from('10.0.0.1', '203.0.113.9'), 3)).toBe('203.0.113.9');
});

test('an entry that is not an address is ignored', () => {
  for (const entry of [
    '',
    'unknown',
    '203.0.113.9:4000',
    '<script>',
    '999.1.1.1',
    '127.1',
    '0x7f000001',
    '::/0',
  ]) {
    expect(clientAddressOf(from('10.0.0.1', entry), 1), entry).toBe('10.0.0.1');
  }
  expect(clientAddressOf(from('10.0.0.1'), 1)).toBe('10.0.0.1');
  expect(clientAddressOf(from(undefined), 0)).toBe('unknown');
});

test('an IPv4-mapped IPv6 address becomes IPv4', () => {
  expect(clientAddressOf(from('::ffff:203.0.113.9'), 0)).toBe('203.0.113.9');
  expect(clientAddressOf(from('::1', '::FFFF:203.0.113.9'), 1)).toBe('203.0.113.9');
  expect(clientAddressOf(from('::ffff:cb00:7109'), 0)).toBe('203.0.113.9');
});

test('an address has one spelling however it was written', () => {
  expect(clientAddressOf(from('2001:0DB8:0:0::0001'), 0)).toBe('2001:db8::1');
  expect(clientAddressOf(from('::1', '2001:DB8:0::1'), 1)).toBe('2001:db8::1');
});

test('limits count an IPv4 address, and the /64 network of an IPv6 address', () => {
  expect(limitIdentityOf('203.0.113.9')).toBe('203.0.113.9');
  expect(limitIdentityOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
  expect(limitIdentityOf('2001:0db8:0001:0002::1')).toBe('2001:db8:1:2::/64');
  expect(limitIdentityOf('2001:db8::1')).toBe('2001:db8:0:0::/64');
  expect(limitIdentityOf('::1')).toBe('0:0:0:0::/64');
  expect(limitIdentityOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
});

test('orders and limits identify a caller alike: all addresses of one network are one subscriber', () => {
  const keyOf = (address: string) => clientKeyOf(createKeyedHash('a secret of the shop'), address);

  expect(keyOf('2001:db8:1:2:3:4:5:6')).toBe(keyOf('2001:db8:1:2::7'));
  expect(keyOf('2001:db8:1:3::7')).not.toBe(keyOf('2001:db8:1:2::7'));
  expect(keyOf('203.0.113.9')).not.toBe(keyOf('203.0.113.8'));
  expect(keyOf('203.0.113.9')).not.toContain('203');
});
