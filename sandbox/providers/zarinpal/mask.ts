/** The last four characters of a merchant id: enough to tell two apart in a journal, useless as a credential. */
export function maskMerchant(id: string): string {
  return `********-****-****-****-********${id.slice(-4)}`;
}

/** `999999******9999`, as Zarinpal shows a card. */
export function maskCard(pan: string): string {
  return `${pan.slice(0, 6)}******${pan.slice(-4)}`;
}

/** A copy of what journal and control API show, without merchant ids and without what identifies a buyer. */
export function mask<T>(note: T): T {
  return JSON.parse(
    JSON.stringify(note, (name, value: unknown) => {
      if (value === null || value === undefined) return value;
      if (PERSONAL.has(name)) return '***';
      if (MERCHANTS.has(name) && typeof value === 'string') return maskMerchant(value);
      // Some clients send [mobile, email, order_id] without names.
      if (name === 'metadata' && Array.isArray(value)) return value.map(() => '***');
      return name === 'call' && typeof value === 'string' ? value.replace(UUID, maskMerchant) : value;
    }),
  ) as T;
}

const PERSONAL = new Set(['mobile', 'email', 'cardPan', 'card_pan']);
const MERCHANTS = new Set(['merchant_id', 'merchantId']);
const UUID = /[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}/gi;
