import { actsAreBookedOnce } from './acts-are-booked-once';
import { attemptsAskForTheTotal } from './attempts-ask-for-the-total';
import { attemptsFollowTheirOrder } from './attempts-follow-their-order';
import { attemptsMoveAlongTheirTable } from './attempts-move-along-their-table';
import { awaitingOrdersHoldTheirLines } from './awaiting-orders-hold-their-lines';
import { capturesCoverRefunds } from './captures-cover-refunds';
import { cartsHaveOneOpenOrder } from './carts-have-one-open-order';
import { guardsAreInForce } from './guards-are-in-force';
import type { Invariant } from './invariant';
import { journalHasNoGaps } from './journal-has-no-gaps';
import { ledgerEntriesBalance } from './ledger-entries-balance';
import { listingsTellTheTruth } from './listings-tell-the-truth';
import { movementsHaveNoGaps } from './movements-have-no-gaps';
import { movementsKeepARunningBalance } from './movements-keep-a-running-balance';
import { onHandIsSumOfMovements } from './on-hand-is-sum-of-movements';
import { oneCaptureAtATime } from './one-capture-at-a-time';
import { onlyAwaitingOrdersHold } from './only-awaiting-orders-hold';
import { ordersMoveAlongTheirTable } from './orders-move-along-their-table';
import { paidIsOneSettledAttempt } from './paid-is-one-settled-attempt';
import { paidOrdersSoldTheirLines } from './paid-orders-sold-their-lines';
import { postingsMatchMoney } from './postings-match-money';
import { receiptsAreUsedOnce } from './receipts-are-used-once';
import { reservedIsSumOfHolds } from './reserved-is-sum-of-holds';
import { reservedIsWithinOnHand } from './reserved-is-within-on-hand';
import { salesAreBookedOnce } from './sales-are-booked-once';
import { statusAgreesWithPayment } from './status-agrees-with-payment';
import { surplusIsOwedUntilRefunded } from './surplus-is-owed-until-refunded';
import { totalsAreSumsOfLines } from './totals-are-sums-of-lines';

/** Every invariant of the shop: stock, orders, payments, ledger, journal, the public list, and that the database guards them. */
export const INVARIANTS: readonly Invariant[] = [
  onHandIsSumOfMovements,
  movementsHaveNoGaps,
  movementsKeepARunningBalance,
  actsAreBookedOnce,
  reservedIsWithinOnHand,
  reservedIsSumOfHolds,
  awaitingOrdersHoldTheirLines,
  onlyAwaitingOrdersHold,
  paidOrdersSoldTheirLines,
  salesAreBookedOnce,
  totalsAreSumsOfLines,
  cartsHaveOneOpenOrder,
  ordersMoveAlongTheirTable,
  statusAgreesWithPayment,
  paidIsOneSettledAttempt,
  attemptsAskForTheTotal,
  attemptsMoveAlongTheirTable,
  attemptsFollowTheirOrder,
  oneCaptureAtATime,
  capturesCoverRefunds,
  receiptsAreUsedOnce,
  postingsMatchMoney,
  surplusIsOwedUntilRefunded,
  ledgerEntriesBalance,
  journalHasNoGaps,
  listingsTellTheTruth,
  guardsAreInForce,
];
