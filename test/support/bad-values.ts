/** Values that a task or a user must not have. */
import { randomUUID } from 'node:crypto';
import { LOCAL_USER } from '../../src/db/seed';
import { INVALID, type BadInput } from './bad-input-row';

/** Rows 21–33: values of a task. */
export const BAD_TASKS: BadInput[] = [
  ...[
    ['name', ''],
    ['name', '   '],
    ['name', '\u0000'],
    ['name', null],
    ['name', 1],
    ['name', ['x']],
    ['name', { $ne: '' }],
    ['name', 'x'.repeat(501)],
    ['name', 'x'.repeat(900_000)],
    ['category', 'x'.repeat(51)],
    ['category', ''],
    ['status', 'DONE'],
    ['status', null],
    ['owner', 'me'],
    ['owner', randomUUID()],
    ['owner', `{${randomUUID()}}`],
    ['owner', 2 ** 53],
    ['owner', '\ud800'],
    ['meetingId', randomUUID()],
    ['meetingId', LOCAL_USER.id],
    ['id', randomUUID()],
    ['version', 9],
    ['needsReview', false],
    ['createdBy', LOCAL_USER.id],
    ...[
      '2026-02-30',
      '2026-13-01',
      '0000-01-01',
      '1899-12-31',
      '+275760-09-13',
      '2026-11-23T24:00:00Z',
      '2026-11-23T10:00:00',
      '2026-11-23T10:00Z',
      '2026-11-23T10:00:00+24:00',
      '2026-11-23T10:00:60Z',
      '2026-02-30T10:00:00Z',
      'tomorrow',
      '',
      '2026-11-23\u0000',
      1_700_000_000_000,
      1e308,
      true,
      [],
    ].map((value) => ['deadline', value]),
  ].map(([field, value]): BadInput => ({
    what: `${field as string}: ${String(JSON.stringify(value)).slice(0, 30)}`,
    body: { name: 'x', [field as string]: value },
    answer: INVALID,
  })),
  { what: '1e309', body: '{"name":"x","deadline":1e309}', answer: INVALID },
];

/** A new user with `fields` instead of good ones. */
const user = (fields: object) => ({ name: 'x', email: 'x@example.com', ...fields });

export const BAD_USERS: BadInput[] = [
  ...[
    'a@b',
    'x',
    `${'x'.repeat(300)}@example.com`,
    'a\r\nBcc: x@y.com',
    '"a\r\nBcc: x"@example.com',
    'A <a@example.com>',
    'a@example.com\u0000',
    ' a@example.com',
    null,
    ['a@example.com'],
  ].map((email): BadInput => ({
    what: `e-mail ${String(email).slice(0, 20)}`,
    body: user({ email }),
    answer: INVALID,
  })),
  { what: 'an unknown role', body: user({ role: 'root' }), answer: INVALID },
  { what: 'an unknown zone', body: user({ timezone: 'Mars/Olympus' }), answer: INVALID },
  { what: 'a zone that is a path', body: user({ timezone: '../../etc/passwd' }), answer: INVALID },
  { what: 'an offset for a zone', body: user({ timezone: 'UTC+1' }), answer: INVALID },
  { what: 'an id', body: user({ id: randomUUID() }), answer: INVALID },
  { what: 'calendarConnected', body: user({ calendarConnected: true }), answer: INVALID },
  { what: 'a taken e-mail', body: user({ email: 'YOU@example.com' }), answer: [409, 'email-taken'] },
].map((bad) => ({ path: '/users', ...bad }) as BadInput);
