import fc from 'fast-check';
import { DateTime } from 'luxon';
import { reminderOf } from './reminder';

const day = (deadlineDate: string, deadlineTimezone: string | null = 'UTC') => ({
  deadlineDate,
  deadlineAt: null,
  deadlineTimezone,
});
const moment = (instant: string, deadlineTimezone = 'UTC') => ({
  deadlineDate: null,
  deadlineAt: new Date(instant),
  deadlineTimezone,
});
const at = (due: ReturnType<typeof day> | ReturnType<typeof moment>, zone: string) =>
  reminderOf(due, zone)!.at.toISOString().replace(':00.000Z', 'Z');
const until = (due: ReturnType<typeof day> | ReturnType<typeof moment>) =>
  reminderOf(due, 'UTC')!.until.toISOString().replace(':00.000Z', 'Z');

describe('the reminder of a day', () => {
  it.each([
    ['2026-11-27', 'UTC', '2026-11-26T09:00Z'],
    ['2026-11-27', 'Europe/Berlin', '2026-11-26T08:00Z'],
    ['2026-11-27', 'America/Los_Angeles', '2026-11-26T17:00Z'],
    ['2026-11-27', 'Pacific/Kiritimati', '2026-11-25T19:00Z'], // UTC+14
    ['2026-11-27', 'Pacific/Pago_Pago', '2026-11-26T20:00Z'], // UTC-11
    ['2026-11-27', 'Asia/Kathmandu', '2026-11-26T03:15Z'],
    ['2027-01-01', 'Asia/Tokyo', '2026-12-31T00:00Z'],
    ['2028-03-01', 'UTC', '2028-02-29T09:00Z'],
    ['2027-03-29', 'Europe/Berlin', '2027-03-28T07:00Z'], // the day before has 23 hours
    ['2027-11-01', 'Europe/Berlin', '2027-10-31T08:00Z'], // and here 25
    ['2027-03-28', 'Europe/Berlin', '2027-03-27T08:00Z'], // summer time begins on the day itself
    ['2011-12-31', 'Pacific/Apia', '2011-12-30T19:00Z'], // the 30th was left out there: 09:00 on the 31st
    ['9998-12-31', 'Europe/Berlin', '9998-12-30T08:00Z'],
    ['1900-01-01', 'UTC', '1899-12-31T09:00Z'],
  ])('%s in %s is at %s', (date, zone, expected) => {
    expect(at(day(date), zone)).toBe(expected);
  });

  it('is on the same day whatever zone the deadline was said in', () => {
    expect(at(day('2026-11-27', 'Pacific/Kiritimati'), 'UTC')).toBe('2026-11-26T09:00Z');
    expect(at(day('2026-11-27', null), 'UTC')).toBe('2026-11-26T09:00Z');
  });

  it('makes sense until that day ends where it was said', () => {
    expect(until(day('2026-11-27'))).toBe('2026-11-28T00:00Z');
    expect(until(day('2026-11-27', 'America/New_York'))).toBe('2026-11-28T05:00Z');
    expect(until(day('2027-03-28', 'Europe/Berlin'))).toBe('2027-03-28T22:00Z');
  });
});

describe('the reminder of a moment', () => {
  it.each([
    ['2026-11-27T15:00:00Z', 'UTC', '2026-11-26T09:00Z'],
    ['2026-11-27T23:30:00Z', 'Europe/Berlin', '2026-11-27T08:00Z'], // already the 28th there
    ['2026-11-27T03:00:00Z', 'America/Los_Angeles', '2026-11-25T17:00Z'], // still the 26th there
    ['2026-11-27T00:00:00Z', 'UTC', '2026-11-26T09:00Z'],
    ['2026-11-26T23:59:59Z', 'UTC', '2026-11-25T09:00Z'],
    ['2027-03-28T01:00:00Z', 'Europe/Berlin', '2027-03-27T08:00Z'],
    ['2026-11-27T11:00:00Z', 'Pacific/Kiritimati', '2026-11-26T19:00Z'], // the 28th, 01:00
    ['2026-11-27T11:00:00Z', 'Pacific/Pago_Pago', '2026-11-26T20:00Z'], // the 27th, 00:00
  ])('%s for somebody in %s is at %s', (instant, zone, expected) => {
    expect(at(moment(instant, 'Asia/Tokyo'), zone)).toBe(expected);
  });

  it('makes sense until then', () => {
    expect(until(moment('2026-11-27T15:00:00Z'))).toBe('2026-11-27T15:00Z');
  });
});

it('is none without a deadline', () => {
  expect(reminderOf({ deadlineDate: null, deadlineAt: null, deadlineTimezone: null }, 'UTC')).toBeNull();
});

it('is told apart by the deadline alone', () => {
  expect(reminderOf(day('2026-11-27'), 'Asia/Tokyo')!.deadline).toBe('2026-11-27');
  expect(reminderOf(day('2026-11-27', 'Asia/Tokyo'), 'UTC')!.deadline).toBe('2026-11-27');
  expect(reminderOf(moment('2026-11-27T15:00:00Z'), 'UTC')!.deadline).toBe('2026-11-27T15:00:00.000Z');
});

it('knows no zone: then it is counted in UTC', () => {
  expect(at(day('2026-11-27', 'Mars/Base'), 'Mars/Base')).toBe('2026-11-26T09:00Z');
});

it('is at nine on the clock of its owner, on the day before, in any zone on any day', () => {
  // Without the zones that have once left out a whole day.
  const zones = ['Europe/Lisbon', 'America/St_Johns', 'Asia/Gaza', 'Africa/Cairo', 'Australia/Lord_Howe'];
  const days = fc.date({ min: new Date('1990-01-02'), max: new Date('2100-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(days, fc.constantFrom(...zones), (date, zone) => {
      const iso = date.toISOString().slice(0, 10);
      const shown = DateTime.fromJSDate(reminderOf(day(iso), zone)!.at, { zone });
      expect(shown.toFormat('HH:mm')).toBe('09:00');
      expect(shown.plus({ days: 1 }).toISODate()).toBe(iso);
    }),
  );
});
