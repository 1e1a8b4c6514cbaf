import { assertThat } from '../../entities/errors';
import { invalidRequest } from '../../entities/problem';
import { guard, type Guard } from './guard';

const HEADER = 'Idempotency-Key';
const FORM = /^[\x21-\x7e]{1,255}$/;

/** Demands an `Idempotency-Key` of 1 to 255 visible ASCII characters and puts it into `ctx.state.idempotencyKey`. */
export function requireIdempotencyKey(): Guard<{ readonly idempotencyKey: string }> {
  const documentation = {
    headers: [
      {
        name: HEADER,
        sentence:
          'Chosen by the caller, the same for every repetition of one request; a repetition is answered, not done again.',
        example: '7b1f0c52-2f63-4c0e-9a53-0d9b6a0f8d11',
        required: true,
      },
    ],
    errors: ['request.idempotency_key_missing', 'request.invalid'],
  } as const;
  return guard(documentation, (ctx) => {
    const idempotencyKey = ctx.get(HEADER);
    assertThat(idempotencyKey !== '', 'request.idempotency_key_missing');
    if (!FORM.test(idempotencyKey)) {
      const detail = 'must be 1 to 255 visible ASCII characters';
      throw invalidRequest([{ in: 'header', field: HEADER, rule: 'form', detail }]);
    }
    return { idempotencyKey };
  });
}
