import type { Answer } from '../../../kit/answer';
import { newAuthority } from '../authority';
import { planAutoPay } from '../buyer';
import { success } from '../envelopes';
import { feeOf } from '../fees';
import { isOnDomain, type Merchant } from '../merchants';
import { Refusal } from '../refusal';
import { inUnit, type Session } from '../session';
import type { Zarinpal } from '../zarinpal';
import { checkAmount, checkExpireIn, checkReferrer, checkRequestForm, readMetadata } from './request-body';
import { merchantOf, readWholeNumber, type RestCall } from './rest-call';
import { checkWages } from './wages';

/** `request.json`: makes an authority. Every call makes another one, also a repeated one. */
export function requestPayment(zarinpal: Zarinpal, call: RestCall): Answer {
  checkRequestForm(call, zarinpal.switches());
  const merchant = merchantOf(zarinpal, call);
  checkStanding(merchant);
  const session = newSession(zarinpal, call, merchant);
  zarinpal.sessions.add(session, 'requested');
  planAutoPay(zarinpal, session.authority);
  const { authority, fee, feeType } = session;
  return success({ authority, fee, fee_type: feeType, code: 100, message: 'Success' }, zarinpal.switches());
}

const STANDING_CODES = { inactive: -11, limited: -13, suspended: -15, banned: -19 } as const;

function checkStanding(merchant: Merchant): void {
  if (merchant.standing !== 'active') throw new Refusal(STANDING_CODES[merchant.standing]);
  if (merchant.level === 'basic') throw new Refusal(-16);
  if (merchant.level === 'blue') throw new Refusal(-17);
}

function newSession(zarinpal: Zarinpal, call: RestCall, merchant: Merchant): Session {
  const { body } = call;
  const switches = zarinpal.switches();
  const currency = (body.currency as 'IRR' | 'IRT' | null | undefined) ?? merchant.currency;
  const amount = readWholeNumber(body.amount) ?? 0;
  const amountRial = checkAmount(amount, currency, switches);
  const callbackUrl = String(body.callback_url);
  if (!isOnDomain(callbackUrl, merchant)) throw new Refusal(-14);
  checkReferrer(body);
  checkExpireIn(body.expire_in);
  const wages = checkWages(body.wages, amountRial, merchant);
  const { orderId, mobile, email, cardPan, autoVerify } = readMetadata(body);
  const now = zarinpal.kit.clock.now();
  return {
    authority: newAuthority(call.acceptsAnyId ? 'S' : 'A'),
    id: String(zarinpal.kit.nextNumber()),
    merchantId: merchant.id,
    terminalId: merchant.terminalId,
    ...{ amount, currency, amountRial, callbackUrl, orderId, mobile, email, wages },
    description: String(body.description),
    referer: call.referer,
    onlyCard: cardPan,
    autoVerify: autoVerify ?? merchant.autoVerify,
    fee: inUnit(currency, feeOf(amountRial, switches)),
    shaparakFee: inUnit(currency, switches.shaparakFeeRial),
    feeType: merchant.feeType,
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
