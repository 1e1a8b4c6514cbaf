import { describe, expect, it } from 'vitest';

import { createClock, REAL_TIME } from '../../../sandbox/kit/clock';
import { createStore, storedValue } from '../../../sandbox/kit/store';

describe('the clock', () => {
  it('shifts, stands still, moves while standing and runs on', () => {
    let machine = 1_000;
    const setting = storedValue(createStore(), 'clock', REAL_TIME);
    const clock = createClock(() => machine, setting);
    clock.advance(500);
    expect(clock.now()).toBe(1_500);
    clock.freeze();
    machine += 100;
    expect(clock.now()).toBe(1_500);
    clock.advance(50);
    expect(clock.now()).toBe(1_550);
    clock.thaw();
    machine += 10;
    expect(clock.now()).toBe(1_560);
    clock.reset();
    expect(clock.now()).toBe(machine);
  });
});
