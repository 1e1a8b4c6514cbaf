/** A role that somebody grants. Each of them is for people who work for the shop. */
export const STAFF_ROLES = ['support', 'staff', 'admin'] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

/** Everybody who has signed in is a customer, also staff. */
export type Role = 'customer' | StaffRole;

/** `own`: only what belongs to the caller's account. `any`: everybody's. */
type Reach = 'own' | 'any';

/** Who may do something. `fresh`: only shortly after all factors were proved. */
type Rule = { readonly [R in Role]?: Reach } & { readonly fresh?: true };

const OWN = { customer: 'own' } as const;
const OWN_OR_STAFF = { customer: 'own', support: 'any', staff: 'any', admin: 'any' } as const;

/** Who may do what. A route names its action, and so does a verb of a socket. What is not here, nobody may. */
export const POLICY = {
  'profile.read': OWN,
  'profile.change': OWN,
  'address.read': OWN,
  'address.change': OWN,
  'number.change': { customer: 'own', fresh: true },
  // Who has lost the number cannot prove it. Staff judge, and the owner has days to cancel.
  'number.recover': OWN,
  'number_change.read': { support: 'any', staff: 'any', admin: 'any' },
  'number_change.approve': { admin: 'any', fresh: true },
  'number_change.reject': { admin: 'any', fresh: true },
  'account.export': { customer: 'own', fresh: true },
  'account.erase': { customer: 'own', fresh: true },
  'session.list': OWN,
  'session.end': OWN,
  'session.end_others': { ...OWN, fresh: true },
  'session.prove': OWN,
  'session.connect': OWN,
  'factor.prove': { support: 'own', staff: 'own', admin: 'own' },
  'factor.change': { support: 'own', staff: 'own', admin: 'own', fresh: true },
  'customer.find': { support: 'any', staff: 'any', admin: 'any' },
  'account.block': { admin: 'any', fresh: true },
  'account.unblock': { admin: 'any', fresh: true },
  'account.end_sessions': { admin: 'any' },
  'staff.list': { admin: 'any' },
  'staff.invite': { admin: 'any', fresh: true },
  'staff.dismiss': { admin: 'any', fresh: true },
  'role.grant': { admin: 'any', fresh: true },
  'role.take': { admin: 'any', fresh: true },
  'factor.replace': { admin: 'any', fresh: true },
  'staff_action.read': { admin: 'any' },
  'order.read': OWN_OR_STAFF,
  'order.pay': OWN_OR_STAFF,
  'order.cancel': OWN_OR_STAFF,
  'order.join': OWN,
  'catalog.read': { support: 'any', staff: 'any', admin: 'any' },
  'catalog.change': { staff: 'any', admin: 'any' },
  'price.change': { staff: 'any', admin: 'any' },
  'stock_wait.read': OWN,
  'stock_wait.change': OWN,
  'stock_alert.read': { staff: 'own', admin: 'own' },
  'stock_alert.subscribe': { staff: 'own', admin: 'own' },
  'products.recommend': { staff: 'any', admin: 'any' },
  'purchasing.read': { support: 'any', staff: 'any', admin: 'any' },
  // Who could change the limits could do without the other person who approves.
  'supplier.change': { admin: 'any', fresh: true },
  'supplier.item_change': { staff: 'any', admin: 'any', fresh: true },
  'purchase_order.write': { staff: 'any', admin: 'any' },
  'purchase_order.submit': { staff: 'any', admin: 'any', fresh: true },
  'purchase_order.approve': { staff: 'any', admin: 'any', fresh: true },
  'purchase_order.end': { staff: 'any', admin: 'any', fresh: true },
  'purchase_order.receive': { staff: 'any', admin: 'any' },
  'operations.read': { staff: 'any', admin: 'any' },
  'schedule.read': { staff: 'any', admin: 'any' },
  'schedule.change': { admin: 'any' },
  'relay.retry': { staff: 'any', admin: 'any' },
  'relay.drop': { staff: 'any', admin: 'any' },
  'catalog.import': { staff: 'any', admin: 'any' },
  'picture.read': { staff: 'any', admin: 'any' },
  'picture.change': { staff: 'any', admin: 'any' },
  'calendar.read': { support: 'any', staff: 'any', admin: 'any' },
  'calendar.change': { staff: 'any', admin: 'any' },
  'replenishment.read': { support: 'any', staff: 'any', admin: 'any' },
  'replenishment.change': { staff: 'any', admin: 'any' },
  'stock.read': { support: 'any', staff: 'any', admin: 'any' },
  'stock.change': { staff: 'any', admin: 'any' },
  'stock.count': { staff: 'any', admin: 'any' },
  'stock.approve': { staff: 'any', admin: 'any' },
  'stock.import': { staff: 'any', admin: 'any' },
  'stock.ship': { staff: 'any', admin: 'any' },
  'location.change': { staff: 'any', admin: 'any' },
  'cache.read': { staff: 'any', admin: 'any' },
  'cache.invalidate': { staff: 'any', admin: 'any' },
  'cache.warm': { staff: 'any', admin: 'any' },
  // Rooms have roles of their own beside these (docs/chat.md).
  'chat.read': OWN,
  'chat.write': OWN,
  'chat.support': { support: 'any', staff: 'any', admin: 'any' },
  'chat.moderate': { staff: 'any', admin: 'any' },
  'chat.report_read': { support: 'any', staff: 'any', admin: 'any' },
  'chat.report_resolve': { staff: 'any', admin: 'any' },
  'ticket.read': OWN_OR_STAFF,
  'ticket.write': OWN,
  'ticket.work': { support: 'any', staff: 'any', admin: 'any' },
  'support.arrange': { staff: 'any', admin: 'any' },
  'notification.read': OWN,
  'notification.change': OWN,
  'analytics.read': { staff: 'any', admin: 'any' },
  'analytics.rebuild': { admin: 'any' },
  'analytics.track': OWN,
  'sms.read': { support: 'any', staff: 'any', admin: 'any' },
  'sms.send': { staff: 'any', admin: 'any' },
  'campaign.read': { support: 'any', staff: 'any', admin: 'any' },
  'campaign.manage': { staff: 'any', admin: 'any' },
  // Money goes out, and thousands hear of it.
  'campaign.send': { staff: 'any', admin: 'any', fresh: true },
} as const satisfies Record<string, Rule>;

export type Action = keyof typeof POLICY;

/** How long a proof is fresh, in milliseconds. */
export const FRESH_MS = 15 * 60_000;

/** How far these roles reach with an action: the farthest of each, or undefined when none of them may. */
export function reachOf(action: Action, roles: readonly Role[]): Reach | undefined {
  const rule: Rule = POLICY[action];
  const reaches = roles.flatMap((role) => rule[role] ?? []);
  return reaches.includes('any') ? 'any' : reaches[0];
}

/** Whether an action needs a fresh proof. */
export function needsFreshProof(action: Action): boolean {
  const rule: Rule = POLICY[action];
  return rule.fresh ?? false;
}

/** Who may do this, as a sentence for documents. */
export function whoMay(action: Action): string {
  const { fresh, ...roles }: Readonly<Record<string, unknown>> = POLICY[action];
  const allowed = Object.entries(roles).map(([role, reach]) => (reach === 'own' ? `${role} (own)` : role));
  return `For ${allowed.join(', ')}.${fresh === true ? ' Needs a fresh proof.' : ''}`;
}
