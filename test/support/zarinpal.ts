/** The control API of the Zarinpal sandbox, over HTTP like any other client. */
export interface ZarinpalControl {
  /** Pays as the buyer. Without `follow` the caller is the browser and loads `callbackUrl` itself, or does not. */
  pay(authority: string, options?: PayOptions): Promise<BuyerActed>;
  /** Gives up on the pay page: the callback says NOK. */
  refuse(authority: string, options?: CallbackOptions): Promise<BuyerActed>;
  /** Tries a card that is not accepted: the callback says NOK. */
  useWrongCard(authority: string, options?: CallbackOptions): Promise<BuyerActed>;
  /** Pays and never comes back. */
  payAndCloseTab(authority: string): Promise<BuyerActed>;
  /** Pays; the sandbox loads the callback twice in parallel. */
  payTwice(authority: string): Promise<BuyerActed>;
  /** Pays one second after the payable window, or at once where that is over already. */
  payLate(authority: string, options?: CallbackOptions): Promise<BuyerActed>;
  /** Sends any callback at any time: a forged OK, a forged NOK, or the same one again. */
  callback(authority: string, options: CallbackOptions & { status: 'OK' | 'NOK' }): Promise<BuyerActed>;
  /** Ends a pending refund. */
  settleRefund(authority: string, refundId: string, status: 'SUCCESS' | 'FAILED'): Promise<SandboxSession>;

  session(authority: string): Promise<SandboxSession>;
  /** Newest first, at most `limit` (100 unless told). */
  sessions(filter?: { state?: SandboxState; limit?: number }): Promise<SandboxSession[]>;

  /** Adds a fault for the next call, for `times` calls, or (`times: null`) until cleared. */
  fault(fault: SandboxFault): Promise<{ id: number }>;
  clearFaults(id?: number): Promise<void>;

  /** Makes the next callbacks that the sandbox sends misbehave. */
  callbackRule(rule: CallbackRule): Promise<{ id: number }>;
  /** Loads the callbacks that a rule held back, one after the other. */
  releaseCallbacks(order?: 'reverse' | 'as-held'): Promise<CallbackDelivery[]>;
  clearCallbackRules(): Promise<void>;

  clock: {
    read(): Promise<SandboxTime>;
    advance(ms: number): Promise<SandboxTime>;
    freeze(at?: string | number): Promise<SandboxTime>;
    thaw(): Promise<SandboxTime>;
    reset(): Promise<SandboxTime>;
  };
  switches: {
    read(): Promise<Record<string, unknown>>;
    change(change: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>;
    reset(): Promise<Record<string, unknown>>;
  };
  merchant(id: string, change: Readonly<Record<string, unknown>>): Promise<unknown>;
  journal(filter?: JournalFilter): Promise<SandboxJournalEntry[]>;
  clearJournal(): Promise<void>;
  /** Forgets everything but the numbers that were given out. */
  reset(): Promise<void>;
}

export type SandboxState = 'ACTIVE' | 'PAID' | 'VERIFIED' | 'FAILED' | 'REVERSED' | 'RETURNED' | 'REFUNDED';

/** How the buyer comes back. */
export interface CallbackOptions {
  /** The sandbox loads the callback and waits for the shop's answer. */
  follow?: boolean;
  /** How often, in parallel; more than once implies `follow`. */
  times?: number;
  parameterCase?: 'usual' | 'lower' | 'upper';
}

export interface PayOptions extends CallbackOptions {
  /** 16 digits; another card than the session's only one ends in NOK. */
  cardPan?: string;
  /** Pays even though the session has expired. */
  late?: boolean;
}

export interface CallbackDelivery {
  authority: string;
  status: 'OK' | 'NOK';
  url: string;
  /** The shop's HTTP status; null when nothing came back. */
  answered: number | null;
  location: string | null;
  error: string | null;
}

export interface BuyerActed {
  session: SandboxSession;
  /** Where the browser would go; null when it does not come back. */
  callbackUrl: string | null;
  /** What the shop answered, where the sandbox loaded the callback. */
  deliveries: CallbackDelivery[];
}

export interface SandboxSession {
  authority: string;
  /** The transaction number that GraphQL calls session_id. */
  id: string;
  state: SandboxState;
  failure: 'refused' | 'wrong-card' | 'expired' | null;
  amount: number;
  currency: 'IRR' | 'IRT';
  amountRial: number;
  description: string;
  callbackUrl: string;
  orderId: string | null;
  refId: number | null;
  merchantVerified: boolean;
  createdAt: string;
  expiresAt: string;
  paidAt: string | null;
  verifiedAt: string | null;
  reversedAt: string | null;
  refunds: { id: string; amountRial: number; status: 'PENDING' | 'SUCCESS' | 'FAILED' }[];
}

export interface SandboxFault {
  kind: 'timeout' | 'reset' | 'html' | 'slow' | 'code' | 'reshape' | 'empty' | 'body' | 'truncated';
  /** Whether the call takes effect first; `before` unless told. */
  when?: 'before' | 'after';
  endpoint?:
    | 'request'
    | 'verify'
    | 'inquiry'
    | 'unVerified'
    | 'reverse'
    | 'feeCalculation'
    | 'refresh'
    | 'graphql'
    | 'startpay';
  authority?: string;
  merchantId?: string;
  /** 1 unless told; null: until cleared. */
  times?: number | null;
  ms?: number;
  code?: number;
  status?: number;
  shape?: 'coded' | 'validation-list' | 'validation-message' | 'field-keyed' | 'errors-list';
  data?: 'list' | 'object';
  stringCodes?: boolean;
  body?: unknown;
}

export interface CallbackRule {
  authority?: string;
  merchantId?: string;
  times?: number | null;
  suppress?: boolean;
  delayMs?: number;
  copies?: number;
  hold?: boolean;
  reorder?: number;
  parameterCase?: 'usual' | 'lower' | 'upper';
  status?: 'OK' | 'NOK';
}

export interface SandboxTime {
  now: string;
  frozen: boolean;
  offsetMs: number;
}

export interface JournalFilter {
  authority?: string;
  endpoint?: NonNullable<SandboxFault['endpoint']>;
  kind?: 'request' | 'state' | 'callback' | 'control';
  after?: number;
}

export interface SandboxJournalEntry {
  seq: number;
  at: string;
  kind: 'request' | 'state' | 'callback' | 'control';
  authority?: string;
  endpoint?: string;
  [detail: string]: unknown;
}

/** Controls the sandbox at `url`, the base that `startZarinpalSandbox` returned. Throws when it refuses. */
export function zarinpalControl(url: string): ZarinpalControl {
  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${url}/_sandbox/${path}`, {
      method,
      ...(method === 'GET'
        ? {}
        : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body ?? {}) }),
    });
    const answer = (await response.json()) as T & { error?: string };
    if (!response.ok) throw new Error(`${method} /_sandbox/${path}: ${response.status} ${answer.error}`);
    return answer;
  }
  const deed = (authority: string, verb: string, options = {}) =>
    call<BuyerActed>('POST', `sessions/${authority}/${verb}`, options);
  const clock = (body: object) => call<SandboxTime>('POST', 'clock', body);

  return {
    pay: (authority, options) => deed(authority, 'pay', options),
    refuse: (authority, options) => deed(authority, 'refuse', options),
    useWrongCard: (authority, options) => deed(authority, 'wrong-card', options),
    payAndCloseTab: (authority) => deed(authority, 'pay-and-close-tab'),
    payTwice: (authority) => deed(authority, 'pay-twice'),
    payLate: (authority, options) => deed(authority, 'pay-late', options),
    callback: (authority, options) => deed(authority, 'callback', options),
    settleRefund: (authority, refundId, status) =>
      call('POST', `sessions/${authority}/refunds/${refundId}`, { status }),
    session: (authority) => call('GET', `sessions/${authority}`),
    async sessions(filter = {}) {
      return (await call<{ sessions: SandboxSession[] }>('GET', `sessions?${query(filter)}`)).sessions;
    },
    fault: (fault) => call('POST', 'faults', fault),
    async clearFaults(id) {
      await call('DELETE', id === undefined ? 'faults' : `faults/${id}`);
    },
    callbackRule: (rule) => call('POST', 'callbacks', rule),
    async releaseCallbacks(order = 'as-held') {
      return (await call<{ deliveries: CallbackDelivery[] }>('POST', 'callbacks/release', { order }))
        .deliveries;
    },
    async clearCallbackRules() {
      await call('DELETE', 'callbacks');
    },
    clock: {
      read: () => call('GET', 'clock'),
      advance: (ms) => clock({ advanceMs: ms }),
      freeze: (at) => clock({ freeze: at ?? true }),
      thaw: () => clock({ thaw: true }),
      reset: () => clock({ reset: true }),
    },
    switches: {
      read: () => call('GET', 'switches'),
      change: (change) => call('PATCH', 'switches', change),
      reset: () => call('DELETE', 'switches'),
    },
    merchant: (id, change) => call('PUT', `merchants/${id}`, change),
    async journal(filter = {}) {
      return (await call<{ entries: SandboxJournalEntry[] }>('GET', `journal?${query(filter)}`)).entries;
    },
    async clearJournal() {
      await call('DELETE', 'journal');
    },
    async reset() {
      await call('POST', 'reset');
    },
  };
}

function query(filter: object): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(filter))
    if (value !== undefined) search.set(name, String(value));
  return search.toString();
}
