import { defaultSender, lineOf, type Account } from './accounts';
import type { Kavenegar } from './kavenegar';
import type { Parameters } from './parameters';

/** `account/info`: what is left, in rials. */
export function accountInfo(kavenegar: Kavenegar, account: Account): unknown {
  const { expiresAtSeconds, type } = account;
  return { remaincredit: settledCredit(kavenegar, account), expiredate: expiresAtSeconds, type };
}

/** The credit, with the cost of messages that time has blocked or cancelled since they were last read. */
export function settledCredit({ accounts, messages }: Kavenegar, account: Account): number {
  messages.all();
  return (accounts.find(account.key) ?? account).credit;
}

/** `account/config`: changes what the call names, and answers all of it. Two numbers are texts, as in the sample. */
export function accountConfig({ accounts }: Kavenegar, account: Account, parameters: Parameters): unknown {
  const sender = parameters.get('defaultsender');
  const changed = accounts.put(account.key, {
    apilogs: parameters.word('apilogs', ['justfaults', 'enabled', 'disabled']) ?? account.apilogs,
    debugmode: parameters.word('debugmode', ['disabled', 'enabled']) ?? account.debugmode,
    resendfailed: parameters.word('resendfailed', ['disabled', 'enabled']) ?? account.resendfailed,
    mincreditalarm: parameters.whole('mincreditalarm') ?? account.mincreditalarm,
    defaultSender: sender === undefined ? account.defaultSender : lineOf(account, sender),
  });
  const { apilogs, dailyreport, debugmode, mincreditalarm, resendfailed } = changed;
  return {
    ...{ apilogs, dailyreport, debugmode, defaultsender: defaultSender(changed) },
    mincreditalarm: String(mincreditalarm),
    resendfailed,
  };
}

/** `utils/getdate`: the sandbox's clock, as in Tehran. */
export function getDate({ kit }: Kavenegar): unknown {
  const now = kit.clock.now();
  const parts = Object.fromEntries(TEHRAN.formatToParts(now).map(({ type, value }) => [type, Number(value)]));
  const { year, month, day, hour, minute, second } = parts;
  const datetime = `${year}/${month}/${day} ${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}:${String(second).padStart(2, '0')}`;
  return { datetime, year, month, day, hour, minute, second, unixtime: Math.floor(now / 1_000) };
}

const TEHRAN = new Intl.DateTimeFormat('en-US', {
  timeZone: 'Asia/Tehran',
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
});
