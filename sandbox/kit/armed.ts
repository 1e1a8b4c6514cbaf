import { isDeepStrictEqual } from 'node:util';

import type { Sandbox } from './provider';
import type { Rule } from './rules';

/**
 * What makes calls or callbacks go otherwise than by default, a line each. It survives a restart, so somebody who did not arm
 * it must be able to see it.
 */
export function armedOf({ provider, parts, faults }: Sandbox): readonly string[] {
  const mask = provider.mask ?? (<T>(value: T) => value);
  const rules = parts.callbacks?.rules.all() ?? [];
  const switches = Object.entries(parts.switches?.changed() ?? {});
  return [
    ...mask(faults.all()).map(
      ({ kind, ...fault }) => `fault ${fault.id}: ${[kind, ...detailsOf(fault)].join(', ')}`,
    ),
    ...mask(rules).map((rule: Rule) => `callback rule ${rule.id}: ${detailsOf(rule).join(', ')}`),
    ...switches.map(([name, value]) => `switch ${name}: ${shown(value)}`),
  ];
}

/** Clears faults, rules of callbacks and switches. Sessions, held callbacks and the clock stay. */
export function disarm({ parts, faults }: Sandbox): void {
  faults.clear();
  parts.callbacks?.rules.clear();
  parts.switches?.clear();
}

/** What a rule says beyond its defaults: null hits all, and false, 0 and an empty list do nothing. */
function detailsOf({ id: _id, times, ...details }: Rule): string[] {
  const said = Object.entries(details).filter(([, value]) => value !== null && !isIdle(value));
  return [
    ...said.map(([name, value]) => (value === true ? name : `${name} ${shown(value)}`)),
    times === null ? 'until cleared' : `${times} more`,
  ];
}

function isIdle(value: unknown): boolean {
  return [false, 0, []].some((idle) => isDeepStrictEqual(value, idle));
}

const LONGEST = 80;

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
