import { flag, text, type Values } from '../../kit/fields';
import { storedMap, type Store, type StoredMap } from '../../kit/store';

/** A template of the panel. */
export const TEMPLATE = { text: text(), isApproved: flag(true) };

export type Template = { readonly name: string } & Values<typeof TEMPLATE>;

const FIRST_TEMPLATES: readonly Template[] = Object.entries({
  'signin-fa': 'کد ورود: %token\n\n@127.0.0.1 #%token',
  'signin-en': 'Sign-in code: %token\n\n@127.0.0.1 #%token',
  'change-number-fa': 'کد تغییر شماره: %token\n\n@127.0.0.1 #%token',
  'change-number-en': 'Code to change your number: %token\n\n@127.0.0.1 #%token',
  'confirm-action-fa': 'کد تأیید: %token\n\n@127.0.0.1 #%token',
  'confirm-action-en': 'Code to confirm: %token\n\n@127.0.0.1 #%token',
  'number-changed-fa': 'شمارهٔ حساب شما به شماره‌ای با پایان %token تغییر کرد',
  'number-changed-en': 'The number of your account was changed to one that ends in %token',
  'number-change-waits-fa': 'شمارهٔ حساب شما تا %token ساعت دیگر عوض می‌شود. برای لغو وارد شوید',
  'number-change-waits-en': 'The number of your account will be changed in %token hours. Sign in to cancel',
  'stock-low-fa': 'موجودی %token20 کم است',
  'stock-low-en': 'Stock of %token20 is low',
  'stock-out-fa': 'موجودی %token20 تمام شد',
  'stock-out-en': '%token20 is out of stock',
  'stock-back-fa': '%token20 دوباره موجود شد',
  'stock-back-en': '%token20 is back in stock',
  'order-paid-fa': 'سفارش %token پرداخت شد',
  'order-paid-en': 'Order %token is paid',
  'refund-due-fa': 'پرداخت اضافهٔ سفارش %token بازگردانده می‌شود',
  'refund-due-en': 'Another payment for order %token will be refunded',
  'payment-refunded-fa': 'مبلغ سفارش %token بازگردانده شد',
  'payment-refunded-en': 'A payment for order %token was refunded',
  'order-cancelled-fa': 'سفارش %token لغو شد',
  'order-cancelled-en': 'Order %token is cancelled',
  'order-expired-fa': 'مهلت پرداخت سفارش %token تمام شد',
  'order-expired-en': 'The time to pay for order %token is over',
  'ticket-answered-fa': 'درخواست %token پاسخ گرفت',
  'ticket-answered-en': 'Ticket %token has an answer',
  'ticket-escalated-fa': 'مهلت درخواست %token گذشت',
  'ticket-escalated-en': 'Ticket %token is overdue',
  'approval-needed-fa': 'سفارش خرید %token تأیید می‌خواهد',
  'approval-needed-en': 'Purchase order %token needs an approval',
  'factor-replaced-fa': 'عامل دوم ورود حساب با شمارهٔ …%token تغییر کرد',
  'factor-replaced-en': 'The second factor of the account …%token was replaced',
  'recovery-code-used-fa': 'یک کد بازیابی حساب با شمارهٔ …%token به کار رفت',
  'recovery-code-used-en': 'A recovery code of the account …%token was used',
  'notification-digest-fa': '%token خبر تازه در حساب شما',
  'notification-digest-en': '%token news wait in your account',
}).map(([name, text]) => ({ name, text, isApproved: true }));

/** The templates of all accounts. */
export interface TemplateTable {
  find(name: string): Template | undefined;
  put(name: string, change: Partial<Template>): Template;
  all(): Template[];
}

/** The table with what a restart left. The first templates are always there. */
export function createTemplateTable(store: Store): TemplateTable {
  const changed: StoredMap<Template> = storedMap<Template>(store, 'templates');
  const find = (name: string) => changed.get(name) ?? FIRST_TEMPLATES.find((first) => first.name === name);
  return {
    find,
    put(name, change) {
      const template = { text: '', isApproved: true, ...find(name), ...change, name };
      changed.set(name, template);
      return template;
    },
    all() {
      const untouched = FIRST_TEMPLATES.filter(({ name }) => !changed.get(name));
      return [...untouched, ...changed.values()];
    },
  };
}
