import { expect, test } from 'vitest';

import { isCityOf, PROVINCES } from '../../../entities/geography/provinces';
import { isPlainLine, plainLine } from '../../../entities/values/plain-line';

const cities = PROVINCES.flatMap((province) => province.cities);

test('there are 31 provinces with the codes of ISO 3166-2:IR', () => {
  const numbers = Array.from({ length: 31 }, (_, number) => `IR-${String(number).padStart(2, '0')}`);
  expect(PROVINCES.map(({ code }) => code)).toEqual(numbers);
  expect(
    PROVINCES.filter(({ name, englishName }) => !/\p{L}/u.test(name) || !/[a-z]/.test(englishName)),
  ).toEqual([]);
});

test('each city has a code of its own, below its province, and a name that is unique there', () => {
  expect(cities.length).toBeGreaterThan(480);
  expect(new Set(cities.map(({ code }) => code)).size).toBe(cities.length);
  for (const province of PROVINCES) {
    const names = province.cities.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(province.cities.filter(({ code }) => code.slice(0, 2) !== province.code.slice(3))).toEqual([]);
  }
  expect(cities.filter(({ code }) => !/^\d{4}(\d{2})?$/.test(code))).toEqual([]);
  expect(cities.filter(({ name }) => !isPlainLine(name, 80) || plainLine(name) !== name)).toEqual([]);
  // Names are spelled with Persian letters.
  expect(cities.filter(({ name }) => /[\u0643\u0649\u064a]/.test(name))).toEqual([]);
});

test('a city belongs to one province', () => {
  expect(isCityOf('IR-23', '2301')).toBe(true);
  expect(isCityOf('IR-07', '2301')).toBe(false);
  expect(isCityOf('IR-99', '2301')).toBe(false);
  expect(isCityOf('IR-23', '9999')).toBe(false);
});
