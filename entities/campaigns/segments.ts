/** Every character of the GSM alphabet (3GPP TS 23.038) that takes one place. Those of the second line take two. */
const SINGLE = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ!"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const DOUBLE = new Set('\f^{}\\[~]|€');

/**
 * Into how many parts a text is cut, each of which is paid for: 160 places of the GSM alphabet, or 153 in each of several. A text with
 * any other character, so every Persian one, is sent as UTF-16: 70 code units, or 67 in each of several.
 */
export function segmentsOf(text: string): number {
  const characters = [...text];
  if (characters.every((one) => SINGLE.has(one) || DOUBLE.has(one))) {
    const places = characters.reduce((sum, one) => sum + (DOUBLE.has(one) ? 2 : 1), 0);
    return places <= 160 ? 1 : Math.ceil(places / 153);
  }
  return text.length <= 70 ? 1 : Math.ceil(text.length / 67);
}
