import { newAuthority } from '../authority';
import { success, type Answer } from '../envelopes';
import { feeOf } from '../fees';
import { isOnDomain, type Merchant } from '../merchants';
import { Refusal } from '../refusal';
import type { Sandbox } from '../sandbox';
import type { Session } from '../session';
import { merchantOf, wholeNumber, type Call } from './call';
import { checkAmount, checkExpireIn, checkReferrer, checkRequestForm, readMetadata } from './request-body';
import { checkWages } from './wages';

/** `request.json`: mints an authority. Every call mints another one, also a repeated one. */
export function requestPayment(sandbox: Sandbox, call: Call): Answer {
  const switches = sandbox.switches();
  checkRequestForm(call, switches);
  const merchant = merchantOf(sandbox, call);
  checkStanding(merchant);
  const session = newSession(sandbox, call, merchant);
  sandbox.sessions.add(session);
  return success(
    {
      authority: session.authority,
      fee: session.fee,
      fee_type: session.feeType,
      code: 100,
      message: 'Success',
    },
    switches,
  );
}

const STANDING_CODES = { inactive: -11, limited: -13, suspended: -15, banned: -19 } as const;

function checkStanding(merchant: Merchant): void {
  if (merchant.standing !== 'active') throw new Refusal(STANDING_CODES[merchant.standing]);
  if (merchant.level === 'basic') throw new Refusal(-16);
  if (merchant.level === 'blue') throw new Refusal(-17);
}

function newSession(sandbox: Sandbox, call: Call, merchant: Merchant): Session {
  const { body } = call;
  const switches = sandbox.switches();
  const currency = (body.currency as 'IRR' | 'IRT' | null | undefined) ?? merchant.currency;
  const amount = wholeNumber(body.amount) ?? 0;
  const amountRial = checkAmount(amount, currency, switches);
  const callbackUrl = String(body.callback_url);
  if (!isOnDomain(callbackUrl, merchant)) throw new Refusal(-14);
  checkReferrer(body);
  checkExpireIn(body.expire_in);
  const wages = checkWages(body.wages, amountRial, merchant);
  const metadata = readMetadata(body);
  const now = sandbox.clock.now();
  const inUnit = (rials: number) => (currency === 'IRT' ? Math.floor(rials / 10) : rials);
  return {
    authority: newAuthority(call.acceptsAnyId ? 'S' : 'A'),
    id: String(sandbox.nextNumber()),
    merchantId: merchant.id,
    terminalId: merchant.terminalId,
    amount,
    currency,
    amountRial,
    description: String(body.description),
    callbackUrl,
    referer: call.referer,
    orderId: metadata.orderId,
    mobile: metadata.mobile,
    email: metadata.email,
    onlyCard: metadata.cardPan,
    autoVerify: metadata.autoVerify ?? merchant.autoVerify,
    fee: inUnit(feeOf(amountRial, switches)),
    shaparakFee: inUnit(switches.shaparakFeeRial),
    feeType: merchant.feeType,
    wages,
    createdAt: now,
    expiresAt: now + switches.payableMs,
    state: 'ACTIVE',
    openedAt: null,
    paysLateAt: null,
    failure: null,
    payment: null,
    verifiedAt: null,
    merchantVerified: false,
    reversedAt: null,
    refunds: [],
  };
}
