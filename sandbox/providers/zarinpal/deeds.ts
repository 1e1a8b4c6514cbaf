/** What a buyer may do on the pay page, and so may a test or the automatic buyer. */
export const DEEDS = ['pay', 'refuse', 'wrong-card', 'pay-and-close-tab', 'pay-twice'] as const;

export type Deed = (typeof DEEDS)[number];

/** Whether a text, from a form or a path, names a deed. */
export function isDeed(text: string): text is Deed {
  return (DEEDS as readonly string[]).includes(text);
}

/** How often the buyer's browser loads the callback afterwards. */
export function callbacksAfter(deed: Deed): 0 | 1 | 2 {
  if (deed === 'pay-and-close-tab') return 0;
  return deed === 'pay-twice' ? 2 : 1;
}
