/** The text with Persian and Arabic digits as ASCII ones. */
export function asciiDigits(text: string): string {
  return text.replaceAll(/[\u06f0-\u06f9\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) & 0xf));
}
