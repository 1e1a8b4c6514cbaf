import type { DataSource } from 'typeorm';

import type { SmsKind, SmsLanguage } from '../sms/sms-status';
import { SmsTemplate, SmsTemplateBinding, type VariableRule } from '../sms/sms-template';

interface SeedTemplate {
  readonly key: string;
  readonly kind: SmsKind;
  readonly variables: VariableRule[];
  readonly languages: Readonly<Record<SmsLanguage, SeedText>>;
}

interface SeedText {
  readonly text: string;
  /** Missing where no provider has a template of its own for it. */
  readonly names?: Names;
}

/** The providers' names of the template. */
interface Names {
  readonly 'sms-ir': string;
  readonly kavenegar: string;
}

/** Our variable's name at each provider. Kavenegar takes spaces only in `token20`. */
const PARAMETERS: Readonly<Record<keyof Names, (variable: VariableRule) => string>> = {
  'sms-ir': ({ name }) => name.toUpperCase(),
  kavenegar: ({ form }) => (form === 'text' ? 'token20' : 'token'),
};

/**
 * The templates that the shop needs. Browsers take a code only from the last line, whose digits are ASCII
 * (https://wicg.github.io/sms-one-time-codes/); the host is the shop's own. Texts fit into one part of an SMS.
 */
export const SEED_SMS_TEMPLATES: readonly SeedTemplate[] = [
  {
    key: 'sign_in_code',
    kind: 'code',
    variables: [{ name: 'code', form: 'digits', longest: 8 }],
    languages: {
      fa: {
        text: 'کد ورود: {code}\n\n@{host} #{code}',
        names: { 'sms-ir': '100001', kavenegar: 'signin-fa' },
      },
      en: {
        text: 'Sign-in code: {code}\n\n@{host} #{code}',
        names: { 'sms-ir': '100002', kavenegar: 'signin-en' },
      },
    },
  },
  {
    key: 'change_number_code',
    kind: 'code',
    variables: [{ name: 'code', form: 'digits', longest: 8 }],
    languages: {
      fa: {
        text: 'کد تغییر شماره: {code}\n\n@{host} #{code}',
        names: { 'sms-ir': '100005', kavenegar: 'change-number-fa' },
      },
      en: {
        text: 'Code to change your number: {code}\n\n@{host} #{code}',
        names: { 'sms-ir': '100006', kavenegar: 'change-number-en' },
      },
    },
  },
  {
    key: 'confirm_action_code',
    kind: 'code',
    variables: [{ name: 'code', form: 'digits', longest: 8 }],
    languages: {
      fa: {
        text: 'کد تأیید: {code}\n\n@{host} #{code}',
        names: { 'sms-ir': '100007', kavenegar: 'confirm-action-fa' },
      },
      en: {
        text: 'Code to confirm: {code}\n\n@{host} #{code}',
        names: { 'sms-ir': '100008', kavenegar: 'confirm-action-en' },
      },
    },
  },
  {
    key: 'number_changed',
    kind: 'notice',
    variables: [{ name: 'ending', form: 'digits', longest: 2 }],
    languages: {
      fa: {
        text: 'شمارهٔ حساب شما به شماره‌ای با پایان {ending} تغییر کرد',
        names: { 'sms-ir': '100101', kavenegar: 'number-changed-fa' },
      },
      en: {
        text: 'The number of your account was changed to one that ends in {ending}',
        names: { 'sms-ir': '100102', kavenegar: 'number-changed-en' },
      },
    },
  },
  {
    key: 'number_change_waits',
    kind: 'notice',
    variables: [{ name: 'hours', form: 'digits', longest: 4 }],
    languages: {
      fa: {
        text: 'شمارهٔ حساب شما تا {hours} ساعت دیگر عوض می‌شود. برای لغو وارد شوید',
        names: { 'sms-ir': '100103', kavenegar: 'number-change-waits-fa' },
      },
      en: {
        text: 'The number of your account will be changed in {hours} hours. Sign in to cancel',
        names: { 'sms-ir': '100104', kavenegar: 'number-change-waits-en' },
      },
    },
  },
  {
    key: 'order_paid',
    kind: 'notice',
    variables: [{ name: 'number', form: 'word', longest: 20 }],
    languages: {
      fa: { text: 'سفارش {number} پرداخت شد', names: { 'sms-ir': '100003', kavenegar: 'order-paid-fa' } },
      en: { text: 'Order {number} is paid', names: { 'sms-ir': '100004', kavenegar: 'order-paid-en' } },
    },
  },
  {
    key: 'cart_waits',
    kind: 'notice',
    variables: [{ name: 'lines', form: 'digits', longest: 4 }],
    languages: {
      fa: {
        text: 'سبد خرید شما با {lines} کالا منتظر است. لغو پیامک: پروفایل',
        names: { 'sms-ir': '100111', kavenegar: 'cart-waits-fa' },
      },
      en: {
        text: 'Your cart waits, with {lines} items. To stop these messages, see your profile',
        names: { 'sms-ir': '100112', kavenegar: 'cart-waits-en' },
      },
    },
  },
  {
    key: 'stock_low',
    kind: 'notice',
    variables: [{ name: 'name', form: 'text', longest: 25 }],
    languages: {
      fa: { text: 'موجودی {name} کم است', names: { 'sms-ir': '100105', kavenegar: 'stock-low-fa' } },
      en: { text: 'Stock of {name} is low', names: { 'sms-ir': '100106', kavenegar: 'stock-low-en' } },
    },
  },
  {
    key: 'stock_out',
    kind: 'notice',
    variables: [{ name: 'name', form: 'text', longest: 25 }],
    languages: {
      fa: { text: 'موجودی {name} تمام شد', names: { 'sms-ir': '100107', kavenegar: 'stock-out-fa' } },
      en: { text: '{name} is out of stock', names: { 'sms-ir': '100108', kavenegar: 'stock-out-en' } },
    },
  },
  {
    key: 'stock_back',
    kind: 'notice',
    variables: [{ name: 'name', form: 'text', longest: 25 }],
    languages: {
      fa: { text: '{name} دوباره موجود شد', names: { 'sms-ir': '100109', kavenegar: 'stock-back-fa' } },
      en: { text: '{name} is back in stock', names: { 'sms-ir': '100110', kavenegar: 'stock-back-en' } },
    },
  },
  {
    key: 'refund_due',
    kind: 'notice',
    variables: [{ name: 'number', form: 'word', longest: 20 }],
    languages: {
      fa: {
        text: 'پرداخت اضافهٔ سفارش {number} بازگردانده می‌شود',
        names: { 'sms-ir': '100121', kavenegar: 'refund-due-fa' },
      },
      en: {
        text: 'Another payment for order {number} will be refunded',
        names: { 'sms-ir': '100122', kavenegar: 'refund-due-en' },
      },
    },
  },
  {
    key: 'payment_refunded',
    kind: 'notice',
    variables: [{ name: 'number', form: 'word', longest: 20 }],
    languages: {
      fa: {
        text: 'مبلغ سفارش {number} بازگردانده شد',
        names: { 'sms-ir': '100123', kavenegar: 'payment-refunded-fa' },
      },
      en: {
        text: 'A payment for order {number} was refunded',
        names: { 'sms-ir': '100124', kavenegar: 'payment-refunded-en' },
      },
    },
  },
  {
    key: 'order_cancelled',
    kind: 'notice',
    variables: [{ name: 'number', form: 'word', longest: 20 }],
    languages: {
      fa: { text: 'سفارش {number} لغو شد', names: { 'sms-ir': '100125', kavenegar: 'order-cancelled-fa' } },
      en: {
        text: 'Order {number} is cancelled',
        names: { 'sms-ir': '100126', kavenegar: 'order-cancelled-en' },
      },
    },
  },
  {
    key: 'order_expired',
    kind: 'notice',
    variables: [{ name: 'number', form: 'word', longest: 20 }],
    languages: {
      fa: {
        text: 'مهلت پرداخت سفارش {number} تمام شد',
        names: { 'sms-ir': '100127', kavenegar: 'order-expired-fa' },
      },
      en: {
        text: 'The time to pay for order {number} is over',
        names: { 'sms-ir': '100128', kavenegar: 'order-expired-en' },
      },
    },
  },
  {
    key: 'ticket_answered',
    kind: 'notice',
    variables: [{ name: 'number', form: 'word', longest: 20 }],
    languages: {
      fa: {
        text: 'درخواست {number} پاسخ گرفت',
        names: { 'sms-ir': '100129', kavenegar: 'ticket-answered-fa' },
      },
      en: {
        text: 'Ticket {number} has an answer',
        names: { 'sms-ir': '100130', kavenegar: 'ticket-answered-en' },
      },
    },
  },
  {
    key: 'ticket_escalated',
    kind: 'notice',
    variables: [{ name: 'number', form: 'word', longest: 20 }],
    languages: {
      fa: {
        text: 'مهلت درخواست {number} گذشت',
        names: { 'sms-ir': '100131', kavenegar: 'ticket-escalated-fa' },
      },
      en: {
        text: 'Ticket {number} is overdue',
        names: { 'sms-ir': '100132', kavenegar: 'ticket-escalated-en' },
      },
    },
  },
  {
    key: 'approval_needed',
    kind: 'notice',
    variables: [{ name: 'number', form: 'word', longest: 20 }],
    languages: {
      fa: {
        text: 'سفارش خرید {number} تأیید می‌خواهد',
        names: { 'sms-ir': '100133', kavenegar: 'approval-needed-fa' },
      },
      en: {
        text: 'Purchase order {number} needs an approval',
        names: { 'sms-ir': '100134', kavenegar: 'approval-needed-en' },
      },
    },
  },
  {
    key: 'factor_replaced',
    kind: 'notice',
    variables: [{ name: 'ending', form: 'digits', longest: 2 }],
    languages: {
      fa: {
        text: 'عامل دوم ورود حساب با شمارهٔ …{ending} تغییر کرد',
        names: { 'sms-ir': '100135', kavenegar: 'factor-replaced-fa' },
      },
      en: {
        text: 'The second factor of the account …{ending} was replaced',
        names: { 'sms-ir': '100136', kavenegar: 'factor-replaced-en' },
      },
    },
  },
  {
    key: 'recovery_code_used',
    kind: 'notice',
    variables: [{ name: 'ending', form: 'digits', longest: 2 }],
    languages: {
      fa: {
        text: 'یک کد بازیابی حساب با شمارهٔ …{ending} به کار رفت',
        names: { 'sms-ir': '100137', kavenegar: 'recovery-code-used-fa' },
      },
      en: {
        text: 'A recovery code of the account …{ending} was used',
        names: { 'sms-ir': '100138', kavenegar: 'recovery-code-used-en' },
      },
    },
  },
  {
    key: 'notification_digest',
    kind: 'notice',
    variables: [{ name: 'count', form: 'digits', longest: 4 }],
    languages: {
      fa: {
        text: '{count} خبر تازه در حساب شما',
        names: { 'sms-ir': '100139', kavenegar: 'notification-digest-fa' },
      },
      en: {
        text: '{count} news wait in your account',
        names: { 'sms-ir': '100140', kavenegar: 'notification-digest-en' },
      },
    },
  },
  {
    // Campaigns go out as texts. The link is each recipient's own.
    key: 'campaign_offer',
    kind: 'notice',
    variables: [{ name: 'text', form: 'text', longest: 300 }],
    languages: {
      fa: { text: '{text}\nلغو: {link}' },
      en: { text: '{text}\nStop: {link}' },
    },
  },
];

/** Puts the templates into the database, with the providers' names of those in the sandboxes. Adds only what is missing. */
export async function seedSmsTemplates(database: DataSource): Promise<void> {
  const localised = SEED_SMS_TEMPLATES.flatMap(({ languages, ...template }) =>
    (['fa', 'en'] as const).map((language) => ({ ...template, language, ...languages[language] })),
  );
  await database.transaction(async (transaction) => {
    await transaction
      .createQueryBuilder()
      .insert()
      .into(SmsTemplate)
      .values(
        localised.map(({ key, language, kind, text, variables }) => ({
          key,
          language,
          kind,
          text,
          variables,
        })),
      )
      .orIgnore()
      .execute();
    await transaction
      .createQueryBuilder()
      .insert()
      .into(SmsTemplateBinding)
      .values(
        localised.flatMap(({ key, language, names, variables }) =>
          (['sms-ir', 'kavenegar'] as const).flatMap((provider) => {
            if (!names) return [];
            const parameters = variables.map((rule) => [rule.name, PARAMETERS[provider](rule)]);
            const binding = { template: key, language, provider, name: names[provider] };
            return [{ ...binding, parameters: Object.fromEntries(parameters) as Record<string, string> }];
          }),
        ),
      )
      .orIgnore()
      .execute();
  });
}
