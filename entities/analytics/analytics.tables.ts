import { AnalyticsDay } from './analytics-day';
import { AnalyticsSource } from './analytics-source';
import { TrackingEvent } from './tracking-event';
import { TrackingSalt } from './tracking-salt';

/** The tables of tracking and figures. */
export const ANALYTICS_TABLES = [TrackingEvent, TrackingSalt, AnalyticsDay, AnalyticsSource];
