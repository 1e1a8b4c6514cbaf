import { describe, expect, it } from 'vitest';

import { createRules, type Rule } from '../../../sandbox/kit/rules';
import { createStore, storedValue } from '../../../sandbox/kit/store';

const rulesFor = (...names: string[]) =>
  createRules(storedValue<readonly Rule[]>(createStore(), 'rules', []), names);

describe('rules', () => {
  it('are taken in their order by what fits, as often as they say', () => {
    const rules = rulesFor('to');
    rules.add({ times: 2, to: 'Shiraz' });
    rules.add({ times: null, to: null });
    const taken = ['Shiraz', 'Tabriz', 'Shiraz', 'Shiraz'].map((to) => rules.take({ to })?.id);
    expect(taken).toEqual([1, 2, 1, 2]);
    rules.clear(2);
    expect(rules.take({ to: 'Shiraz' })).toBeUndefined();
  });

  it('are bounded', () => {
    const rules = rulesFor();
    for (let count = 0; count < 1_000; count += 1) rules.add({ times: 1 });
    expect(() => rules.add({ times: 1 })).toThrow('clear some');
  });

  it.each(['id', 'kind', 'times'])('cannot name a target %s, which every rule has', (name) => {
    expect(() => rulesFor(name)).toThrow(name);
  });
});
