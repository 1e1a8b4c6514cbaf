import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsBoolean,
  IsEmail,
  IsInt,
  IsOptional,
  Matches,
  Max,
  Min,
  MinLength,
} from 'class-validator';

import { developmentOnly } from './rules';
import { Setting } from './setting';

/** A rotation needs two. */
const MOST_SECRETS = 5;
const DEVELOPMENT_SENDER = 'purchasing@shop.example';

/** The secrets that suppliers and the shop sign with. */
export class SupplierSecretsConfig {
  @Setting(
    'Keys that seal the secrets of suppliers in the rows, at least 32 characters each, separated by commas: the first seals, all open.',
    { secret: true },
  )
  @ArrayNotEmpty()
  @ArrayMaxSize(MOST_SECRETS)
  @MinLength(32, { each: true })
  supplierKeys: readonly string[] = ['development-only-supplier-key-of-the-shop'];
}

/** How the worker tells suppliers of orders. */
export class PurchasingConfig {
  @Setting(
    'Whether suppliers are called by https at public addresses only; false lets the sandbox be a supplier.',
    {
      unsafeInProduction: (value) =>
        value === false ? 'lets whoever edits a supplier call servers of the private network' : undefined,
    },
  )
  @IsBoolean()
  supplierPublicOnly = false;

  // A step that calls a supplier is given 15 seconds by its workflow: the call must have ended by then.
  @Setting('How many milliseconds an answer of a supplier may take before it counts as unknown.')
  @IsInt()
  @Min(100)
  @Max(12_000)
  supplierTimeoutMs = 10_000;

  @Setting(
    'The SMTP server for orders by e-mail, as smtp://user:password@host:port or smtps://; without it no e-mail goes out.',
    { secret: true, kind: 'text', example: 'smtp://127.0.0.1:2525' },
  )
  @IsOptional()
  @Matches(/^smtps?:\/\/\S+$/, { message: '$property must begin with smtp:// or smtps://' })
  smtpUrl?: string;

  @Setting('The address that orders by e-mail come from.', {
    unsafeInProduction: developmentOnly(DEVELOPMENT_SENDER),
  })
  @IsEmail()
  smtpFrom = DEVELOPMENT_SENDER;

  @Setting('How many milliseconds old a purchase order must be before the sweep looks after its workflow.')
  @IsInt()
  @Min(0)
  @Max(86_400_000)
  purchaseOrderOverdueMs = 60_000;

  @Setting('How many milliseconds a purchase order may await approval before somebody is reminded.')
  @IsInt()
  @Min(60_000)
  @Max(2_592_000_000)
  approvalReminderMs = 86_400_000;

  @Setting('How many milliseconds after that reminder the purchase order needs attention.')
  @IsInt()
  @Min(60_000)
  @Max(2_592_000_000)
  approvalEscalationMs = 172_800_000;

  @Setting(
    'How many milliseconds a drafted transfer may wait before somebody is reminded, and again as often while it waits.',
  )
  @IsInt()
  @Min(3_600_000)
  @Max(604_800_000)
  transferDraftReminderMs = 172_800_000;
}
