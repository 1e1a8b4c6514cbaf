const FORMS = /^(?:\+98|0098|0)?(9\d{9})$/;

/**
 * The ten digits of an Iranian mobile number without its leading zero, from one of the four forms that SMS.ir and Kavenegar take:
 * `09121234567`, `9121234567`, `+989121234567`, `00989121234567`. Undefined for anything else.
 */
export function iranianMobile(text: string): string | undefined {
  return FORMS.exec(text.trim())?.[1];
}
