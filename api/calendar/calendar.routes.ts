import { daysBetween } from '../../entities/calendar/business-day';
import type { CalendarDay } from '../../entities/calendar/calendar-day';
import { readCalendar } from '../../entities/calendar/shop-calendar';
import { invalidRequest } from '../../entities/problem';
import { correctDay } from '../../entities/replenishment/correct-day';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { may } from '../middleware/may';
import { validate, validateParams, validateQuery } from '../middleware/validate';
import type { StaffRouter } from '../router-kinds';
import { actorOf } from '../staff/acting';
import { CorrectDayInput, DayParams, DaysQuery } from './calendar.input';
import { CalendarDaysView, CalendarDayView } from './calendar.view';

const DAYS_AT_MOST = 400;

const pad = (part: number) => String(part).padStart(2, '0');

/** The days on which suppliers work and demand depends. */
export function calendarRoutes(router: StaffRouter, { database }: Pick<Dependencies, 'database'>): void {
  router.get(
    '/calendar/days',
    [
      describeRoute({
        operation: 'listCalendarDays',
        tag: 'calendar',
        summary: 'The days of the shop and their holidays',
        description: `At most ${DAYS_AT_MOST} days at once.`,
        answers: { 200: CalendarDaysView },
      }),
      may('calendar.read'),
      validateQuery(DaysQuery),
    ],
    async (ctx) => {
      const { from, to } = ctx.state.query;
      const count = daysBetween(from, to) + 1;
      if (count < 1 || count > DAYS_AT_MOST) {
        const detail = `must be from and at most ${DAYS_AT_MOST - 1} days after it`;
        throw invalidRequest([{ in: 'query', field: 'to', rule: 'range', detail }]);
      }
      const days = await readCalendar(database.manager, from, count);
      return { status: 200, body: { items: days.map(presentDay) } };
    },
  );

  router.put(
    '/calendar/days/:day',
    [
      describeRoute({
        operation: 'correctCalendarDay',
        tag: 'calendar',
        summary: 'Say whether a day is a holiday, and when tickets are answered on it',
        description:
          'The calculated date of a lunar holiday may be wrong by a day. What staff say stays, whatever is calculated later. Reorder points follow in the next night, and what is due on tickets with the next change of each or within a day.',
        answers: { 200: CalendarDayView },
      }),
      may('calendar.change'),
      validate(CorrectDayInput),
      validateParams(DayParams),
    ],
    async (ctx) => {
      const { day } = ctx.state.params;
      const { holiday, supportHours } = ctx.state.input;
      const [corrected] = await withTransaction(database, async (transaction) => {
        await correctDay(transaction, actorOf(ctx.state), { day, holiday, supportHours });
        return readCalendar(transaction, day, 1);
      });
      return { status: 200, body: presentDay(corrected!) };
    },
  );
}

function presentDay({ day, jalali, weekday, holiday, supportHours }: CalendarDay): CalendarDayView {
  return {
    ...{ day, jalali: `${jalali.year}-${pad(jalali.month)}-${pad(jalali.day)}`, weekday },
    ...{ holiday: holiday?.name ?? null, isCertain: holiday?.certain ?? true },
    supportHours: supportHours && [...supportHours],
  };
}
