import type { Switches } from './switches';

type Tariff = Pick<Switches, 'feeBasisPoints' | 'shaparakFeeRial' | 'feeCapRial'>;

/** Zarinpal's share of an amount, in rials, without the Shaparak fee. Real tariffs are capped. */
export function feeOf(amountRial: number, tariff: Tariff): number {
  const fee = Math.floor((amountRial * tariff.feeBasisPoints) / 10_000);
  return tariff.feeCapRial === null ? fee : Math.min(fee, tariff.feeCapRial);
}

/** Share and Shaparak fee together, and the amount to ask for when the payer should bear both. */
export function feeQuote(amountRial: number, tariff: Tariff): { fee: number; suggestedAmount: number } {
  const share = feeOf(amountRial, tariff);
  const withoutCap = Math.floor(
    ((amountRial + tariff.shaparakFeeRial) * 10_000) / (10_000 - tariff.feeBasisPoints),
  );
  const withCap = amountRial + tariff.shaparakFeeRial + (tariff.feeCapRial ?? Infinity);
  return { fee: share + tariff.shaparakFeeRial, suggestedAmount: Math.min(withoutCap, withCap) };
}
