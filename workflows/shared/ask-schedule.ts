/**
 * The next instant of a schedule that nobody has used yet; undefined after the last one. All in milliseconds. Instants that
 * passed unused, while no worker ran, count once.
 *
 * @param from what the offsets are counted from
 * @param usedAt when the schedule was last used
 */
export function nextOnSchedule(
  from: number,
  offsets: readonly number[],
  usedAt: number | undefined,
): number | undefined {
  const next = offsets.find((offset) => usedAt === undefined || from + offset > usedAt);
  return next === undefined ? undefined : from + next;
}
