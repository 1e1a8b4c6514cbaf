import { readChange } from '../../../kit/fields';
import { RequestProblem } from '../../../kit/problem';
import type { Control } from '../../../kit/provider';
import { maskMerchant } from '../mask';
import { MERCHANT, MERCHANT_ID, type Merchant } from '../merchants';
import type { Zarinpal } from '../zarinpal';

/** `/_sandbox/merchants`: lists (ids masked), adds or changes a row. */
export function merchantControls({ merchants }: Zarinpal): Readonly<Record<string, Control>> {
  return {
    'GET /merchants': () => ({ merchants: merchants.all().map(shown) }),
    'PUT /merchants/:id': ({ params: { id = '' }, body }) => {
      if (!MERCHANT_ID.test(id)) throw new RequestProblem(400, 'the id is a lower-case UUID');
      return shown(merchants.put(id, readChange(MERCHANT, body)));
    },
  };
}

function shown(merchant: Merchant): unknown {
  return { ...merchant, id: maskMerchant(merchant.id) };
}
