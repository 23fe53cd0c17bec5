/** What a delivery says and when it may go: pure, made of rows; the mailers and calendars only carry it. */
export { calendarEventFor, calendarEventId, ENTRY_MINUTES } from './calendar-event';
export { composeMail } from './mail';
export { reminderOf, type Reminder } from './reminder';
export { hasDeadline, isOpen, whyWithdrawn, WITHDRAWN, type Reason } from './withdrawal';
