/** Refusals that belong to no word: the form of a request, the right to make it, the state of the shop. */
export const COMMON_ERRORS = {
  'request.invalid': { status: 422, title: 'The request does not have the expected form.' },
  'request.malformed': { status: 400, title: 'The body is not valid JSON.' },
  'request.too_large': { status: 413, title: 'The body is larger than allowed.' },
  'request.unsupported_media_type': { status: 415, title: 'The body must be JSON.' },
  'request.idempotency_key_missing': { status: 422, title: 'This request needs an Idempotency-Key header.' },
  'request.idempotency_key_reused': {
    status: 422,
    title: 'This Idempotency-Key was already used with another body.',
  },
  'request.too_many': { status: 429, title: 'There were too many requests: try again later.' },
  'route.not_found': { status: 404, title: 'There is nothing at this address.' },
  'route.method_not_allowed': { status: 405, title: 'This address does not support the method.' },
  'access.token_missing': { status: 401, title: 'This request needs a token.' },
  'access.token_invalid': { status: 401, title: 'The token is not valid.' },
  'access.forbidden': { status: 403, title: 'The token does not permit this request.' },
  'service.unavailable': {
    status: 503,
    title: 'A part of the shop is not available: repeat the request with the same key.',
  },
  'service.failed': { status: 500, title: 'Something went wrong on our side.' },
} as const;
