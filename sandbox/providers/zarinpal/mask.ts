/** The last four characters of a merchant id: enough to tell two apart in a journal, useless as a credential. */
export function maskMerchant(id: string): string {
  return `********-****-****-****-********${id.slice(-4)}`;
}

/** A copy of anything in which every merchant id is masked, wherever it stands. */
export function maskMerchants<T>(value: T): T {
  const uuid = /[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}/gi;
  return JSON.parse(JSON.stringify(value).replaceAll(uuid, maskMerchant)) as T;
}

/** `999999******9999`, as Zarinpal shows a card. */
export function maskCard(pan: string): string {
  return `${pan.slice(0, 6)}******${pan.slice(-4)}`;
}

/** A copy of a request's body that a journal may keep. */
export function maskBody(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const masked: Record<string, unknown> = { ...body };
  if (typeof body.merchant_id === 'string') masked.merchant_id = maskMerchant(body.merchant_id);
  for (const name of ['mobile', 'email', 'cardPan']) if (masked[name] != null) masked[name] = '***';
  if (masked.metadata !== null && typeof masked.metadata === 'object')
    masked.metadata = maskMetadata(masked.metadata);
  return masked;
}

function maskMetadata(metadata: object): unknown {
  // Some clients send [mobile, email, order_id] without names.
  if (Array.isArray(metadata)) return metadata.map(() => '***');
  const masked: Record<string, unknown> = { ...metadata };
  for (const name of ['mobile', 'email', 'card_pan']) if (masked[name] != null) masked[name] = '***';
  return masked;
}
