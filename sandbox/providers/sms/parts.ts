const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§' +
  '¿abcdefghijklmnopqrstuvwxyzäöñüà';
const EXTENDED = '\f^{}\\[~]|€';

/** How many messages a text takes on the air: of 160 or 153 units in GSM-7, else of 70 or 67 in UCS-2. An empty one takes one. */
export function partsOf(text: string): number {
  const characters = [...text];
  const isGsm = characters.every((character) => BASIC.includes(character) || EXTENDED.includes(character));
  if (!isGsm) return count(text.length, 70, 67);
  return count(text.length + characters.filter((character) => EXTENDED.includes(character)).length, 160, 153);
}

function count(units: number, single: number, ofSeveral: number): number {
  return units <= single ? 1 : Math.ceil(units / ofSeveral);
}
