/** Refusals of sign-in and sessions. */
export const AUTH_ERRORS = {
  'auth.session_over': { status: 401, title: 'The session is over: sign in again.' },
  'auth.proof_needed': {
    status: 403,
    title: 'This needs a fresh proof of who you are: confirm with a code, then repeat.',
  },
  'auth.account_blocked': { status: 403, title: 'This account is blocked: ask the shop.' },
  'auth.phone_invalid': { status: 422, title: 'This is no mobile number that the shop sends codes to.' },
  'auth.session_not_found': { status: 404, title: 'There is no such device.' },
  'auth.work_needed': {
    status: 428,
    title: 'Many codes were asked for from this address: solve the challenge, then repeat with its solution.',
  },
  'auth.factor_missing': { status: 409, title: 'There is no second factor yet: enrol one first.' },
  'auth.factor_exists': { status: 409, title: 'There is a second factor already: show it.' },
  'auth.factor_wrong': { status: 422, title: 'The second factor is wrong, or it was used before.' },
  'auth.code_wrong': { status: 422, title: 'The code is wrong.' },
  'auth.code_over': { status: 410, title: 'This code cannot be used any more: ask for another one.' },
  'auth.code_too_soon': {
    status: 429,
    title: 'A code was sent a moment ago: wait before asking for another.',
  },
  'auth.codes_too_many': { status: 429, title: 'Too many codes were asked for: try again later.' },
  'auth.guesses_too_many': { status: 429, title: 'There were too many wrong codes: try again later.' },
  'auth.codes_exhausted': {
    status: 503,
    title: 'The shop sends no more codes at the moment: try again later.',
  },
  'auth.origin_refused': {
    status: 403,
    title: 'Cookies are for pages of the shop: the request needs an Origin that the shop knows.',
  },
  'auth.cookies_off': {
    status: 422,
    title:
      'This shop gives no cookies, because pages of all origins may call it: ask for delivery in the body.',
  },
  'auth.ticket_invalid': {
    status: 401,
    title: 'This ticket opens nothing: it was used, or it is too old. Ask for another one.',
  },
  'auth.cookie_twice': { status: 400, title: 'The request has the cookie of the session twice.' },
} as const;
