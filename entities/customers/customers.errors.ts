/** Refusals of profiles, addresses, changes of number and erasure. */
export const CUSTOMER_ERRORS = {
  'address.not_found': { status: 404, title: 'There is no such address.' },
  'address.changed': { status: 409, title: 'The address was changed meanwhile: read it again.' },
  'address.too_many': { status: 409, title: 'There are too many addresses: remove one first.' },
  'number_change.not_found': { status: 404, title: 'There is no such change of number.' },
  'number_change.over': { status: 410, title: 'This change of number is over: begin another one.' },
  'number_change.same': { status: 422, title: 'This is the number of the account already.' },
  'number_change.taken': { status: 409, title: 'The number cannot be used for this account.' },
  'number_change.not_proved': {
    status: 409,
    title: 'The new number is not proved yet, or the change needs no approval.',
  },
  'account.order_open': {
    status: 409,
    title: 'An order of this account awaits payment: pay or cancel it first.',
  },
  'account.has_roles': {
    status: 409,
    title: 'This account belongs to a person of the staff, who must be dismissed first.',
  },
} as const;
