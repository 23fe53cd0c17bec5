import fc from 'fast-check';
import { DateTime } from 'luxon';
import { resolveDeadline } from './resolve';

const ZONES = ['America/New_York', 'Europe/Berlin', 'Asia/Tokyo'];
/** Right after midnight and late at night the UTC day is another one than the meeting's. */
const HOURS = ['00:15', '12:00', '23:50'];

/** Tuesday; Friday and month's end; Wednesday and year's end; Saturday; Sunday in a leap February. */
const MEETING_DAYS = ['2025-10-14', '2025-10-31', '2025-12-31', '2027-12-25', '2028-02-27'];

type Expected = (string | null)[];
const DAYS: [said: string, ...Expected][] = [
  ['by Friday', '2025-10-17', '2025-11-07', '2026-01-02', '2027-12-31', '2028-03-03'],
  ['on Monday', '2025-10-20', '2025-11-03', '2026-01-05', '2027-12-27', '2028-02-28'],
  ['on Monday morning', '2025-10-20', '2025-11-03', '2026-01-05', '2027-12-27', '2028-02-28'],
  ['for Tuesday', '2025-10-21', '2025-11-04', '2026-01-06', '2027-12-28', '2028-02-29'],
  ['this Friday', '2025-10-17', '2025-10-31', '2026-01-02', null, null],
  ['this coming Friday', '2025-10-17', '2025-11-07', '2026-01-02', '2027-12-31', '2028-03-03'],
  ['next Wednesday', '2025-10-22', '2025-11-05', '2026-01-07', '2027-12-29', '2028-03-01'],
  ['Wednesday next week', '2025-10-22', '2025-11-05', '2026-01-07', '2027-12-29', '2028-03-01'],
  ['next week on Wednesday', '2025-10-22', '2025-11-05', '2026-01-07', '2027-12-29', '2028-03-01'],
  ['Sunday of this week', '2025-10-19', '2025-11-02', '2026-01-04', '2027-12-26', '2028-02-27'],
  ['today', '2025-10-14', '2025-10-31', '2025-12-31', '2027-12-25', '2028-02-27'],
  ['tonight', '2025-10-14', '2025-10-31', '2025-12-31', '2027-12-25', '2028-02-27'],
  ['this afternoon', '2025-10-14', '2025-10-31', '2025-12-31', '2027-12-25', '2028-02-27'],
  ['by EOD', '2025-10-14', '2025-10-31', '2025-12-31', '2027-12-25', '2028-02-27'],
  ['by the end of the day', '2025-10-14', '2025-10-31', '2025-12-31', '2027-12-25', '2028-02-27'],
  ['by the end of today', '2025-10-14', '2025-10-31', '2025-12-31', '2027-12-25', '2028-02-27'],
  ['in thirty minutes', '2025-10-14', '2025-10-31', '2025-12-31', '2027-12-25', '2028-02-27'],
  ['within the hour', '2025-10-14', '2025-10-31', '2025-12-31', '2027-12-25', '2028-02-27'],
  ['end of day tomorrow', '2025-10-15', '2025-11-01', '2026-01-01', '2027-12-26', '2028-02-28'],
  ['first thing tomorrow', '2025-10-15', '2025-11-01', '2026-01-01', '2027-12-26', '2028-02-28'],
  ['by EOD Friday', '2025-10-17', '2025-11-07', '2026-01-02', '2027-12-31', '2028-03-03'],
  ['by close of business Thursday', '2025-10-16', '2025-11-06', '2026-01-01', '2027-12-30', '2028-03-02'],
  ['COB on Thursday', '2025-10-16', '2025-11-06', '2026-01-01', '2027-12-30', '2028-03-02'],
  ['tomorrow', '2025-10-15', '2025-11-01', '2026-01-01', '2027-12-26', '2028-02-28'],
  ['the day after tomorrow', '2025-10-16', '2025-11-02', '2026-01-02', '2027-12-27', '2028-02-29'],
  ['in 3 days', '2025-10-17', '2025-11-03', '2026-01-03', '2027-12-28', '2028-03-01'],
  ['in two weeks', '2025-10-28', '2025-11-14', '2026-01-14', '2028-01-08', '2028-03-12'],
  ['within ten days', '2025-10-24', '2025-11-10', '2026-01-10', '2028-01-04', '2028-03-08'],
  ['within the next ten days', '2025-10-24', '2025-11-10', '2026-01-10', '2028-01-04', '2028-03-08'],
  ['in a month', '2025-11-14', '2025-11-30', '2026-01-31', '2028-01-25', '2028-03-27'],
  ["in three months' time", '2026-01-14', '2026-01-31', '2026-03-31', '2028-03-25', '2028-05-27'],
  ['in a fortnight', '2025-10-28', '2025-11-14', '2026-01-14', '2028-01-08', '2028-03-12'],
  ['two weeks from today', '2025-10-28', '2025-11-14', '2026-01-14', '2028-01-08', '2028-03-12'],
  ['end of the week', '2025-10-17', '2025-10-31', '2026-01-02', '2027-12-31', '2028-03-03'],
  ['by the end of next week', '2025-10-24', '2025-11-07', '2026-01-09', null, null],
  ['before the end of the month', '2025-10-31', '2025-10-31', '2025-12-31', '2027-12-31', '2028-02-29'],
  ['end of next month', '2025-11-30', '2025-11-30', '2026-01-31', '2028-01-31', '2028-03-31'],
  ['end of the quarter', '2025-12-31', '2025-12-31', '2025-12-31', '2027-12-31', '2028-03-31'],
  ['by the end of Q1', '2026-03-31', '2026-03-31', '2026-03-31', '2028-03-31', '2028-03-31'],
  ['end of the first quarter', '2026-03-31', '2026-03-31', '2026-03-31', '2028-03-31', '2028-03-31'],
  ['the end of the year', '2025-12-31', '2025-12-31', '2025-12-31', '2027-12-31', '2028-12-31'],
  ['start of next week', '2025-10-20', '2025-11-03', '2026-01-05', '2027-12-27', '2028-02-28'],
  ['mid November', '2025-11-15', '2025-11-15', '2026-11-15', '2028-11-15', '2028-11-15'],
  ['the middle of the month', '2025-10-15', null, null, null, null],
  ['the middle of next month', '2025-11-15', '2025-11-15', '2026-01-15', '2028-01-15', '2028-03-15'],
  ['the 10th', '2025-11-10', '2025-11-10', '2026-01-10', '2028-01-10', '2028-03-10'],
  ['no later than the 15th', '2025-10-15', '2025-11-15', '2026-01-15', '2028-01-15', '2028-03-15'],
  ['by the twenty-seventh', '2025-10-27', '2025-11-27', '2026-01-27', '2027-12-27', '2028-02-27'],
  ['the 31st', '2025-10-31', '2025-10-31', '2025-12-31', '2027-12-31', '2028-03-31'],
  ['10th of November', '2025-11-10', '2025-11-10', '2026-11-10', '2028-11-10', '2028-11-10'],
  ['the tenth of November', '2025-11-10', '2025-11-10', '2026-11-10', '2028-11-10', '2028-11-10'],
  ['November the tenth', '2025-11-10', '2025-11-10', '2026-11-10', '2028-11-10', '2028-11-10'],
  ['Nov 10', '2025-11-10', '2025-11-10', '2026-11-10', '2028-11-10', '2028-11-10'],
  ['Feb 29', null, null, null, '2028-02-29', '2028-02-29'],
  ['by the 28th of February', '2026-02-28', '2026-02-28', '2026-02-28', '2028-02-28', '2028-02-28'],
  ['25/11', '2025-11-25', '2025-11-25', '2026-11-25', '2028-11-25', '2028-11-25'],
  ['11/25', '2025-11-25', '2025-11-25', '2026-11-25', '2028-11-25', '2028-11-25'],
  ['2028-11-10', '2028-11-10', '2028-11-10', '2028-11-10', '2028-11-10', '2028-11-10'],
  ['the 10th of next month', '2025-11-10', '2025-11-10', '2026-01-10', '2028-01-10', '2028-03-10'],
  ['end of November', '2025-11-30', '2025-11-30', '2026-11-30', '2028-11-30', '2028-11-30'],
  ['last day of February', '2026-02-28', '2026-02-28', '2026-02-28', '2028-02-29', '2028-02-29'],
  ['Friday the 17th', '2025-10-17', null, null, null, '2028-03-17'],
  ['Friday, October 17', '2025-10-17', null, null, null, null],
];

const UNTELLABLE = [
  ...['soon', 'ASAP', 'next sprint', 'next month', 'next week', 'Q1', 'by Q1', 'a couple of days', 'later'],
  ...[
    'early next month',
    'early next week',
    'in a day or two',
    'in a few days',
    'this week',
    'by the weekend',
  ],
  ...['the money', 'five minutes of your time', "Friday's build", 'the March report', 'last Friday', 'may'],
  ...[
    'the second point',
    'on the Monday call',
    '3 pm',
    'since Monday',
    'every Friday',
    'after Friday',
    'Fridays',
  ],
  ...[
    '11/10',
    '11/11',
    '13/13',
    '30th of February',
    '31st of November',
    '2026-02-30',
    '2020-01-01',
    'the 32nd',
  ],
  ...[
    'Friday or Monday',
    'before Friday',
    'not Friday',
    'tomorrow at 3',
    'tomorrow at 13 pm',
    'Friday at 24:30',
  ],
  ...[
    'Monday week',
    'the last Friday of the month',
    'end of the sprint',
    'end of Q5',
    'in ten working days',
    '',
  ],
  ...['in 2-3 weeks', 'around the 10th', 'in 9999 days', 'Friday '.repeat(100), '\u0000', 'by'],
];

const TIMES: [said: string, meeting: string, zone: string, at: string][] = [
  ['tomorrow at 3 pm', '2025-10-14T12:00', 'Europe/Berlin', '2025-10-15T15:00:00+02:00'],
  ['at three p.m. tomorrow', '2025-10-14T12:00', 'Asia/Tokyo', '2025-10-15T15:00:00+09:00'],
  ['by noon tomorrow', '2025-10-14T12:00', 'America/New_York', '2025-10-15T12:00:00-04:00'],
  ['Friday at 10:30', '2025-10-14T12:00', 'Europe/Berlin', '2025-10-17T10:30:00+02:00'],
  ['by 5pm on Friday', '2025-10-14T12:00', 'Europe/Berlin', '2025-10-17T17:00:00+02:00'],
  ['at half past three tomorrow afternoon', '2025-10-14T12:00', 'Asia/Tokyo', '2025-10-15T15:30:00+09:00'],
  ['tonight at 9', '2025-10-14T12:00', 'Asia/Tokyo', '2025-10-14T21:00:00+09:00'],
  ['Monday morning at nine', '2025-10-31T12:00', 'America/New_York', '2025-11-03T09:00:00-05:00'],
  ['November 10 at 3 pm', '2025-10-14T12:00', 'Europe/Berlin', '2025-11-10T15:00:00+01:00'],
  ['the 10th at quarter to five p.m.', '2025-10-14T12:00', 'Asia/Tokyo', '2025-11-10T16:45:00+09:00'],
  // A time that the change to summer time skips is one hour later.
  ['tomorrow at 2:30 am', '2026-03-28T12:00', 'Europe/Berlin', '2026-03-29T03:30:00+02:00'],
  ['tomorrow at 2:30 am', '2026-03-07T12:00', 'America/New_York', '2026-03-08T03:30:00-04:00'],
  // A time that comes twice is the first.
  ['tomorrow at 2:30 am', '2025-10-25T12:00', 'Europe/Berlin', '2025-10-26T02:30:00+02:00'],
  ['tomorrow at 1:30 am', '2025-11-01T12:00', 'America/New_York', '2025-11-02T01:30:00-04:00'],
  ['tomorrow at 12 am', '2025-12-31T12:00', 'Asia/Tokyo', '2026-01-01T00:00:00+09:00'],
];

function clockAt(local: string, timezone: string) {
  return { recordedAt: DateTime.fromISO(local, { zone: timezone }).toUTC().toISO()!, timezone };
}

describe.each(ZONES)('said in %s', (zone) => {
  test.each(DAYS)('%s', (said, ...expected) => {
    for (const [i, day] of MEETING_DAYS.entries()) {
      for (const hour of HOURS) {
        const deadline = resolveDeadline(said, clockAt(`${day}T${hour}`, zone));
        expect([day, deadline]).toEqual([day, expected[i] ? { date: expected[i] } : null]);
      }
    }
  });

  test.each(UNTELLABLE)('%s is no day that can be told', (said) => {
    for (const day of MEETING_DAYS) expect(resolveDeadline(said, clockAt(`${day}T12:00`, zone))).toBeNull();
  });
});

test.each(TIMES)('%s, said on %s in %s, is %s', (said, meeting, zone, at) => {
  expect(resolveDeadline(said, clockAt(meeting, zone))).toEqual({ at });
});

test.each([
  ['clocks go forward', '2026-03-27', '2026-03-29'],
  ['clocks go back', '2025-10-24', '2025-10-26'],
])('days are counted by the calendar when %s', (_, meeting, sunday) => {
  for (const hour of HOURS) {
    const clock = clockAt(`${meeting}T${hour}`, 'Europe/Berlin');
    expect(resolveDeadline('in two days', clock)).toEqual({ date: sunday });
    expect(resolveDeadline('by Sunday', clock)).toEqual({ date: sunday });
  }
});

test('every weekday, said on every weekday, is one to seven days away', () => {
  const names = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
  for (let day = 0; day < 7; day++) {
    const today = DateTime.fromISO('2025-10-13').plus({ days: day });
    for (const [i, name] of names.entries()) {
      const due = resolveDeadline(`by ${name}`, clockAt(`${today.toISODate()}T12:00`, 'Asia/Tokyo')) as {
        date: string;
      };
      const date = DateTime.fromISO(due.date);
      expect(date.weekday).toBe(i + 1);
      expect(date.diff(today, 'days').days).toBeGreaterThanOrEqual(1);
      expect(date.diff(today, 'days').days).toBeLessThanOrEqual(7);
    }
  }
});

const instants = fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });
const zones = fc.constantFrom(
  'UTC',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
  'Australia/Lord_Howe',
  ...ZONES,
);
const phrases = fc.constantFrom(...DAYS.map(([said]) => said), ...TIMES.map(([said]) => said));

test('no deadline lies before the meeting’s day', () => {
  fc.assert(
    fc.property(instants, zones, phrases, (at, timezone, said) => {
      const due = resolveDeadline(said, { recordedAt: at.toISOString(), timezone });
      const today = DateTime.fromJSDate(at, { zone: timezone }).toISODate()!;
      if (due) expect(('date' in due ? due.date : due.at) >= today).toBe(true);
    }),
  );
});

test('the same calendar day in another zone gives the same date', () => {
  fc.assert(
    fc.property(instants, zones, phrases, (at, zone, said) => {
      const there = DateTime.fromJSDate(at, { zone }).set({ hour: 12 });
      const here = there.setZone('UTC', { keepLocalTime: true });
      const [a, b] = [there, here].map((time, i) =>
        resolveDeadline(said, { recordedAt: time.toUTC().toISO()!, timezone: i === 0 ? zone : 'UTC' }),
      );
      if (a && 'date' in a) expect(a).toEqual(b);
    }),
  );
});

test('any words at all are answered', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (said) => {
      resolveDeadline(said, { recordedAt: '2025-10-14T09:00:00Z', timezone: 'UTC' });
    }),
  );
});

test('an unknown zone or instant gives no deadline', () => {
  expect(
    resolveDeadline('tomorrow', { recordedAt: '2025-10-14T09:00:00Z', timezone: 'Mars/Base' }),
  ).toBeNull();
  expect(resolveDeadline('tomorrow', { recordedAt: 'yesterday', timezone: 'UTC' })).toBeNull();
});
