/** Refusals of what staff do to accounts. */
export const STAFF_ERRORS = {
  'staff.not_found': { status: 404, title: 'Nobody who works for the shop has this id.' },
  'staff.not_yourself': {
    status: 403,
    title: 'Nobody does this to their own account: ask another admin.',
  },
  'staff.last_admin': {
    status: 409,
    title: 'This is the last admin: make somebody else an admin first.',
  },
  'account.not_found': { status: 404, title: 'There is no such account.' },
} as const;
