/** The ids with this one at a place, from 0; at the end when there are fewer. */
export function inPlace(ids: readonly string[], id: string, place: number): string[] {
  const others = ids.filter((other) => other !== id);
  return [...others.slice(0, place), id, ...others.slice(place)];
}
