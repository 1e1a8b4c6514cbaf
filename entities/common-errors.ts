/** Refusals that belong to no word: the form of a request, the right to make it, the state of the shop. */
export const COMMON_ERRORS = {
  'request.invalid': { status: 422, title: 'The request does not have the expected form.' },
  'request.malformed': {
    status: 400,
    title: 'The request cannot be read: it is not valid HTTP, or its body is not valid JSON.',
  },
  'request.host_missing': { status: 400, title: 'The request names no host.' },
  'request.timeout': { status: 408, title: 'The request took too long to arrive.' },
  'request.too_large': { status: 413, title: 'The body is larger than allowed.' },
  'request.unsupported_media_type': {
    status: 415,
    title: 'The body must have the documented type. JSON may be compressed with gzip, deflate or br.',
  },
  'request.expectation_failed': {
    status: 417,
    title: 'The only expectation that can be met is 100-continue.',
  },
  'request.head_too_large': { status: 431, title: 'The address and the headers are larger than allowed.' },
  'request.idempotency_key_missing': { status: 422, title: 'This request needs an Idempotency-Key header.' },
  'request.idempotency_key_reused': {
    status: 422,
    title: 'This Idempotency-Key was already used with another body.',
  },
  'request.if_match_missing': {
    status: 428,
    title: 'This change needs an If-Match header with the ETag of what was read.',
  },
  'request.too_many': { status: 429, title: 'There were too many requests: try again later.' },
  'route.not_found': { status: 404, title: 'There is nothing at this address.' },
  'route.method_not_allowed': { status: 405, title: 'This address does not support the method.' },
  'socket.verb_unknown': { status: 404, title: 'There is no such verb in this namespace.' },
  'socket.rooms_too_many': {
    status: 409,
    title: 'This socket follows as much as it may: stop following something.',
  },
  'socket.connections_too_many': { status: 429, title: 'There are too many open connections: close one.' },
  'access.token_missing': { status: 401, title: 'This request needs a token.' },
  'access.token_invalid': { status: 401, title: 'The token is not valid.' },
  'access.forbidden': { status: 403, title: 'The token does not permit this request.' },
  'service.unavailable': {
    status: 503,
    title: 'A part of the shop is not available: repeat the request with the same key.',
  },
  'service.failed': { status: 500, title: 'Something went wrong on our side.' },
} as const;
