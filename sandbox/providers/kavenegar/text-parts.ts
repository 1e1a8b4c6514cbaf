const GSM_7 = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€]*$/;
const COUNTS_TWICE = /[\^{}\\[~\]|€]/g;

/** How many SMS a text takes. */
export function partsOf(text: string, latinSinglePart = 160): number {
  const isLatin = GSM_7.test(text);
  const length = isLatin ? text.length + (text.match(COUNTS_TWICE)?.length ?? 0) : text.length;
  const [single, each] = isLatin ? [latinSinglePart, 153] : [70, 67];
  return length <= single ? 1 : Math.ceil(length / each);
}
