import { AnalyticsDay } from './analytics-day';
import { AnalyticsFailedDay } from './analytics-failed-day';
import { AnalyticsSource } from './analytics-source';
import { TrackingEvent } from './tracking-event';
import { TrackingPresent } from './tracking-present';
import { TrackingSalt } from './tracking-salt';

/** The tables of tracking and figures. */
export const ANALYTICS_TABLES = [
  TrackingEvent,
  TrackingPresent,
  TrackingSalt,
  AnalyticsDay,
  AnalyticsSource,
  AnalyticsFailedDay,
];
