import { IsBoolean, IsInt, Max, Min, ValidateBy, type ValidationArguments } from 'class-validator';

import { Setting } from './setting';

const DAY = 86_400_000;
/** No variant costs more rials. A check of the table enforces it. */
const LARGEST_PRICE = 1_000_000_000_000;
const MOST_UNITS_PER_CART = Math.floor(Number.MAX_SAFE_INTEGER / LARGEST_PRICE);

/** Refuses limits with which a cart could cost more than JSON and JavaScript can say exactly. */
function KeepsTotalsExact(): PropertyDecorator {
  return ValidateBy({
    name: 'keepsTotalsExact',
    validator: {
      validate: (unitsPerLine: unknown, args?: ValidationArguments) =>
        Number(unitsPerLine) * (args!.object as CheckoutConfig).cartLines <= MOST_UNITS_PER_CART,
      defaultMessage: () =>
        `unitsPerLine times CART_LINES must not be greater than ${MOST_UNITS_PER_CART}, or totals would not be exact`,
    },
  });
}

/** Every duration and cap of carts and of the checkout workflow. Workflows get them as inputs. */
export class CheckoutConfig {
  @Setting('How many milliseconds a payment page can be paid after it was opened.')
  @IsInt()
  @Min(1)
  @Max(DAY)
  authorityLifetimeMs = 1_800_000;

  @Setting(
    'How many milliseconds after the end of its payment page an order keeps its stock and waits for the payment.',
  )
  @IsInt()
  @Min(0)
  @Max(DAY)
  deadlineMarginMs = 120_000;

  @Setting('How many milliseconds after the order was placed its last payment page must end.')
  @IsInt()
  @Min(1)
  @Max(7 * DAY)
  longestOpenMs = 3_600_000;

  @Setting('How many payment attempts with a payment page an order may have.')
  @IsInt()
  @Min(1)
  @Max(20)
  paymentAttempts = 3;

  @Setting('How often, in milliseconds, the workflow asks the gateway while it waits for a callback.')
  @IsInt()
  @Min(1)
  @Max(DAY)
  pollEveryMs = 240_000;

  @Setting('The shortest time in milliseconds between two verifications of one attempt.')
  @IsInt()
  @Min(0)
  @Max(DAY)
  verifySpacingMs = 5_000;

  @Setting(
    'How many milliseconds after the end of a payment page its attempt is still watched for late money.',
  )
  @IsInt()
  @Min(0)
  @Max(30 * DAY)
  watchLateMoneyMs = 3_600_000;

  @Setting('After how many milliseconds without a clear answer of the gateway an operator is alerted.')
  @IsInt()
  @Min(0)
  @Max(DAY)
  attentionAfterMs = 120_000;

  @Setting(
    'The first pause in milliseconds before a gateway that gave no clear answer is asked again; each pause is twice the last.',
  )
  @IsInt()
  @Min(1)
  @Max(DAY)
  retryFirstMs = 2_000;

  @Setting('The longest pause in milliseconds before a gateway that gave no clear answer is asked again.')
  @IsInt()
  @Min(1)
  @Max(DAY)
  retryMostMs = 60_000;

  @Setting('How many milliseconds a workflow may be overdue before the sweep wakes it or starts it again.')
  @IsInt()
  @Min(1)
  @Max(DAY)
  workflowOverdueMs = 30_000;

  @Setting(
    'How many callbacks of one payment attempt are kept; a new one that asks for a poll replaces the oldest.',
  )
  @IsInt()
  @Min(1)
  @Max(500)
  callbacksPerAttempt = 50;

  @Setting('How often, in milliseconds, the sweep looks for unhandled callbacks and lost workflows.')
  @IsInt()
  @Min(1_000)
  @Max(DAY)
  sweepEveryMs = 60_000;

  @Setting('After how many milliseconds the sweep wakes the workflow of an unhandled callback.')
  @IsInt()
  @Min(0)
  @Max(DAY)
  wakeCallbacksAfterMs = 30_000;

  @Setting('How many milliseconds the signed link to the result of a payment stays valid.')
  @IsInt()
  @Min(1_000)
  @Max(30 * DAY)
  resultTokenLifetimeMs = DAY;

  @Setting('How many units one order may have in all its lines together.')
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  unitsPerOrder = 100;

  @Setting(
    'How many unpaid orders one customer may have, or all guests of one address, so that nobody can lock all stock.',
  )
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  openOrdersPerAddress = 10;

  @Setting(
    'How many units of one variant the unpaid orders of one customer may hold, or of all guests of one address, so that scarce goods are shared.',
  )
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  heldUnitsPerAddress = 40;

  @Setting(
    'Whether the shop delivers, so that an order needs a recipient with an address; false for a shop of what needs none.',
  )
  @IsBoolean()
  shopDelivers = true;

  @Setting('How many lines a cart may have.')
  @IsInt()
  @Min(1)
  @Max(1_000)
  cartLines = 50;

  @Setting('How many milliseconds a cart that nobody changes is kept, unless an order names it.')
  @IsInt()
  @Min(1)
  @Max(3_650 * DAY)
  cartLifetimeMs = 90 * DAY;

  @Setting(
    'After how many milliseconds without a change a customer who allows it is reminded of a cart by SMS, in the daytime.',
  )
  @IsInt()
  @Min(60_000)
  @Max(2 * DAY)
  cartReminderAfterMs = 4 * 3_600_000;

  @Setting('How many units of one variant a cart may have.')
  @IsInt()
  @Min(1)
  @Max(100_000)
  @KeepsTotalsExact()
  unitsPerLine = 20;
}
