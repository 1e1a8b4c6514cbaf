import type { RefusalShape } from './envelopes';

/** The calls that a fault can hit. */
export type FaultEndpoint =
  | 'request'
  | 'verify'
  | 'inquiry'
  | 'unVerified'
  | 'reverse'
  | 'feeCalculation'
  | 'refresh'
  | 'graphql'
  | 'startpay';

export const FAULT_ENDPOINTS: readonly FaultEndpoint[] = [
  'request',
  'verify',
  'inquiry',
  'unVerified',
  'reverse',
  'feeCalculation',
  'refresh',
  'graphql',
  'startpay',
];

/**
 * What goes wrong. `timeout` never answers, `reset` cuts the connection, `html` is a firewall's error page, `slow`
 * answers late, `code` refuses with a code, `reshape` gives the true answer in an odd shape, `empty` is a 200 without
 * content, `body` answers exactly what is given, `truncated` breaks the JSON off.
 */
export type FaultKind =
  | 'timeout'
  | 'reset'
  | 'html'
  | 'slow'
  | 'code'
  | 'reshape'
  | 'empty'
  | 'body'
  | 'truncated';

export const FAULT_KINDS: readonly FaultKind[] = [
  'timeout',
  'reset',
  'html',
  'slow',
  'code',
  'reshape',
  'empty',
  'body',
  'truncated',
];

/** A fault and whom it hits; what is left out hits everybody. */
export interface Fault {
  readonly id: number;
  readonly kind: FaultKind;
  readonly endpoint: FaultEndpoint | null;
  readonly authority: string | null;
  readonly merchantId: string | null;
  /** How many calls it still hits; `null` until cleared. */
  readonly times: number | null;
  /** Whether the call has taken effect when the fault strikes. */
  readonly when: 'before' | 'after';
  /** `slow`: how late. */
  readonly ms: number;
  /** `code` and `reshape`: the code to refuse with. */
  readonly code: number | null;
  readonly status: number | null;
  readonly shape: RefusalShape | null;
  /** `data` in refusals and empty answers. */
  readonly data: 'list' | 'object' | null;
  readonly stringCodes: boolean;
  /** `body`: the answer, a text or JSON. */
  readonly body: unknown;
}

/** The call that is about to be answered. */
export interface FaultTarget {
  readonly endpoint: FaultEndpoint;
  readonly authority?: string | undefined;
  readonly merchantId?: string | undefined;
}

/** The faults that were asked for, first come first served. */
export interface Faults {
  add(fault: Omit<Fault, 'id'>): Fault;
  /** The first fault that fits, which it uses up once. */
  take(target: FaultTarget): Fault | undefined;
  all(): readonly Fault[];
  /** Forgets one fault, or all of them. */
  clear(id?: number): void;
}

/** Faults with those that a restart left. */
export function createFaults(
  remembered: readonly Fault[],
  onChange: (faults: readonly Fault[]) => void,
): Faults {
  let faults = remembered;
  let lastId = Math.max(0, ...faults.map(({ id }) => id));
  const become = (next: readonly Fault[]) => {
    faults = next;
    onChange(faults);
  };
  return {
    add(fault) {
      lastId += 1;
      const added = { ...fault, id: lastId };
      become([...faults, added]);
      return added;
    },
    take(target) {
      if (faults.length === 0) return undefined;
      const hit = faults.find((fault) => fits(fault, target));
      if (hit && hit.times !== null) {
        const rest = { ...hit, times: hit.times - 1 };
        become(faults.flatMap((fault) => (fault !== hit ? [fault] : rest.times > 0 ? [rest] : [])));
      }
      return hit;
    },
    all: () => faults,
    clear: (id) => become(id === undefined ? [] : faults.filter((fault) => fault.id !== id)),
  };
}

function fits(fault: Fault, { endpoint, authority, merchantId }: FaultTarget): boolean {
  return (
    (fault.endpoint === null || fault.endpoint === endpoint) &&
    (fault.authority === null || fault.authority === authority) &&
    (fault.merchantId === null || fault.merchantId === merchantId)
  );
}
