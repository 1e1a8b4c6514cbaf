import { flag, text, type Values } from '../../kit/fields';
import { storedMap, type Store } from '../../kit/store';
import type { Account } from './accounts';
import { Refusal } from './codes';
import type { Switches } from './switches';

/** A template of the panel. `#NAME#` in its text is a variable. */
export const TEMPLATE = { text: text(), isApproved: flag(true), isOtp: flag(true) };

export type Template = { readonly id: string } & Values<typeof TEMPLATE>;

const FIRST_TEMPLATES: readonly Template[] = [
  { id: '100001', text: 'کد ورود: #CODE#\n\n@127.0.0.1 ##CODE#', isApproved: true, isOtp: true },
  { id: '100002', text: 'Sign-in code: #CODE#\n\n@127.0.0.1 ##CODE#', isApproved: true, isOtp: true },
  { id: '100003', text: 'سفارش #NUMBER# پرداخت شد', isApproved: true, isOtp: false },
  { id: '100004', text: 'Order #NUMBER# is paid', isApproved: true, isOtp: false },
  { id: '100005', text: 'کد تغییر شماره: #CODE#\n\n@127.0.0.1 ##CODE#', isApproved: true, isOtp: true },
  {
    id: '100006',
    text: 'Code to change your number: #CODE#\n\n@127.0.0.1 ##CODE#',
    isApproved: true,
    isOtp: true,
  },
  { id: '100007', text: 'کد تأیید: #CODE#\n\n@127.0.0.1 ##CODE#', isApproved: true, isOtp: true },
  { id: '100008', text: 'Code to confirm: #CODE#\n\n@127.0.0.1 ##CODE#', isApproved: true, isOtp: true },
  {
    id: '100101',
    text: 'شمارهٔ حساب شما به شماره‌ای با پایان #ENDING# تغییر کرد',
    isApproved: true,
    isOtp: false,
  },
  {
    id: '100102',
    text: 'The number of your account was changed to one that ends in #ENDING#',
    isApproved: true,
    isOtp: false,
  },
  {
    id: '100103',
    text: 'شمارهٔ حساب شما تا #HOURS# ساعت دیگر عوض می‌شود. برای لغو وارد شوید',
    isApproved: true,
    isOtp: false,
  },
  {
    id: '100104',
    text: 'The number of your account will be changed in #HOURS# hours. Sign in to cancel',
    isApproved: true,
    isOtp: false,
  },
  { id: '100105', text: 'موجودی #NAME# کم است', isApproved: true, isOtp: false },
  { id: '100106', text: 'Stock of #NAME# is low', isApproved: true, isOtp: false },
  { id: '100107', text: 'موجودی #NAME# تمام شد', isApproved: true, isOtp: false },
  { id: '100108', text: '#NAME# is out of stock', isApproved: true, isOtp: false },
  { id: '100109', text: '#NAME# دوباره موجود شد', isApproved: true, isOtp: false },
  { id: '100110', text: '#NAME# is back in stock', isApproved: true, isOtp: false },
  { id: '100121', text: 'پرداخت اضافهٔ سفارش #NUMBER# بازگردانده می‌شود', isApproved: true, isOtp: false },
  {
    id: '100122',
    text: 'Another payment for order #NUMBER# will be refunded',
    isApproved: true,
    isOtp: false,
  },
  { id: '100123', text: 'مبلغ سفارش #NUMBER# بازگردانده شد', isApproved: true, isOtp: false },
  { id: '100124', text: 'A payment for order #NUMBER# was refunded', isApproved: true, isOtp: false },
  { id: '100125', text: 'سفارش #NUMBER# لغو شد', isApproved: true, isOtp: false },
  { id: '100126', text: 'Order #NUMBER# is cancelled', isApproved: true, isOtp: false },
  { id: '100127', text: 'مهلت پرداخت سفارش #NUMBER# تمام شد', isApproved: true, isOtp: false },
  { id: '100128', text: 'The time to pay for order #NUMBER# is over', isApproved: true, isOtp: false },
  { id: '100129', text: 'درخواست #NUMBER# پاسخ گرفت', isApproved: true, isOtp: false },
  { id: '100130', text: 'Ticket #NUMBER# has an answer', isApproved: true, isOtp: false },
  { id: '100131', text: 'مهلت درخواست #NUMBER# گذشت', isApproved: true, isOtp: false },
  { id: '100132', text: 'Ticket #NUMBER# is overdue', isApproved: true, isOtp: false },
  { id: '100133', text: 'سفارش خرید #NUMBER# تأیید می‌خواهد', isApproved: true, isOtp: false },
  { id: '100134', text: 'Purchase order #NUMBER# needs an approval', isApproved: true, isOtp: false },
  { id: '100135', text: 'عامل دوم ورود حساب با شمارهٔ …#ENDING# تغییر کرد', isApproved: true, isOtp: false },
  {
    id: '100136',
    text: 'The second factor of the account …#ENDING# was replaced',
    isApproved: true,
    isOtp: false,
  },
  { id: '100137', text: 'یک کد بازیابی حساب با شمارهٔ …#ENDING# به کار رفت', isApproved: true, isOtp: false },
  { id: '100138', text: 'A recovery code of the account …#ENDING# was used', isApproved: true, isOtp: false },
  { id: '100139', text: '#COUNT# خبر تازه در حساب شما', isApproved: true, isOtp: false },
  { id: '100140', text: '#COUNT# news wait in your account', isApproved: true, isOtp: false },
];

/** The only one of keys of the sandbox type. */
const SANDBOX_TEMPLATE: Template = {
  id: '123456',
  text: 'کد تایید شما: #CODE#',
  isApproved: true,
  isOtp: true,
};

const LONGEST_VALUE = 25;
const VARIABLE = /#([^#\s]+)#/g;

/** The templates of all accounts. */
export interface TemplateTable {
  find(id: string): Template | undefined;
  put(id: string, change: Partial<Template>): Template;
  all(): Template[];
}

/** The table with what a restart left. The first templates are always there. */
export function createTemplateTable(store: Store): TemplateTable {
  const changed = storedMap<Template>(store, 'templates');
  const find = (id: string) => changed.get(id) ?? FIRST_TEMPLATES.find((first) => first.id === id);
  return {
    find,
    put(id, change) {
      const template = { text: '', isApproved: true, isOtp: true, ...find(id), ...change, id };
      changed.set(id, template);
      return template;
    },
    all() {
      const untouched = FIRST_TEMPLATES.filter(({ id }) => !changed.get(id));
      return [...untouched, ...changed.values()];
    },
  };
}

/** The template that the account may send by. Throws 119, 113, 117 and 124. */
export function templateOf(
  templates: TemplateTable,
  { keyType, hasOwnTemplates }: Account,
  id: string,
  { unapprovedTemplate, onlyOtpTemplates }: Switches,
): Template {
  if (keyType === 'sandbox') {
    if (id !== SANDBOX_TEMPLATE.id) throw new Refusal(113);
    return SANDBOX_TEMPLATE;
  }
  if (!hasOwnTemplates) throw new Refusal(119);
  const template = templates.find(id);
  if (!template) throw new Refusal(113);
  if (!template.isApproved) throw new Refusal(unapprovedTemplate);
  if (onlyOtpTemplates && !template.isOtp) throw new Refusal(124);
  return template;
}

/** One variable of a call. */
export interface Parameter {
  readonly name: string;
  readonly value: string;
}

/** The text with its variables. Letter case does not matter. Throws 114, and 116 for a variable without a parameter. */
export function fill({ text: template }: Template, parameters: readonly Parameter[]): string {
  if (parameters.some(({ value }) => value.length > LONGEST_VALUE)) throw new Refusal(114);
  const values = new Map(parameters.map(({ name, value }) => [name.toLowerCase(), value]));
  return template.replaceAll(VARIABLE, (_, name: string) => {
    const value = values.get(name.toLowerCase());
    if (value === undefined) throw new Refusal(116);
    return value;
  });
}
