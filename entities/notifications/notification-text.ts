import type { SmsLanguage } from '../sms/sms-status';

/** What a template may name. The values are made of the rows when a text is read or sent. */
export const FACTS = ['order', 'ticket', 'purchase', 'product', 'sku', 'device', 'ending', 'count'] as const;
export type Fact = (typeof FACTS)[number];

/** The values of facts. One whose row is gone is missing. */
export type Facts = Readonly<Partial<Record<Fact, string>>>;

type NamesIn<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

/** The text itself when its placeholders are exactly these, otherwise nothing that a string could be. */
type Naming<Text extends string, Names extends string> = [NamesIn<Text>] extends [Names]
  ? [Names] extends [NamesIn<Text>]
    ? Text
    : never
  : never;

/** A text in every language of the shop. */
export type LocalisedText = Readonly<Record<SmsLanguage, string>>;

/**
 * Declares a text in every language. It does not compile unless each language has exactly the placeholders that are named, as
 * `{order}`, and these are facts.
 */
export function texts<const Names extends readonly Fact[], const Fa extends string, const En extends string>(
  names: Names,
  languages: { readonly fa: Naming<Fa, Names[number]> & Fa; readonly en: Naming<En, Names[number]> & En },
): LocalisedText & { readonly names: Names } {
  return { ...languages, names };
}

/** Stands for what is there no more. */
const GONE = '…';

/** A text with the facts in their places. */
export function fillText(text: string, facts: Facts): string {
  return text.replaceAll(/\{(\w+)\}/g, (_place, name: string) => facts[name as Fact] ?? GONE);
}
