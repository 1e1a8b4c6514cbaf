/** The last line that browsers read: `@host #code`. */
const WEB_OTP = /^@\S+ #(\S+)(?:\s|$)/;
const AFTER_ITS_NAME = /(?:کد|رمز|\bcode\b|\bOTP\b)[^\d۰-۹٠-٩\n]{0,30}([\d۰-۹٠-٩]{4,10})(?![\d۰-۹٠-٩])/iu;

/** The one-time code in a text, as it stands there. */
export function codeOf(text: string): string | undefined {
  const [, code] = WEB_OTP.exec(text.trimEnd().split('\n').at(-1)!) ?? AFTER_ITS_NAME.exec(text) ?? [];
  return code;
}
