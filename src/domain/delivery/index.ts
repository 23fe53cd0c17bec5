/** What a delivery says: pure texts, made of rows; the mailers and calendars only carry them. */
export { calendarEventFor, calendarEventId, ENTRY_MINUTES } from './calendar-event';
export { composeMail } from './mail';
export { reminderOf, type Reminder } from './reminder';
