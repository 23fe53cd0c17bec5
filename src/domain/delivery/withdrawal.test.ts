import { whyWithdrawn, WITHDRAWN, type Standing, type Waiting } from './withdrawal';

const BEN = 'ben';
const NOW = new Date('2026-11-26T09:00:00Z');
const task = (change: Partial<Standing> = {}): Standing => ({
  ownerId: BEN,
  status: 'open',
  needsReview: false,
  deletedAt: null,
  deadlineDate: '2026-11-27',
  deadlineAt: null,
  deadlineTimezone: 'UTC',
  ...change,
});
const mail = (change: Partial<Waiting> = {}): Waiting => ({
  kind: 'assigned',
  userId: BEN,
  deadline: null,
  requestedBy: null,
  ...change,
});
const reminder = mail({ kind: 'reminder', deadline: '2026-11-27' });
const ordered = mail({ requestedBy: 'anna' });
const code = (waiting: Waiting, change: Partial<Standing> = {}, now = NOW) =>
  whyWithdrawn(waiting, task(change), now)?.code ?? null;

it('goes out while all is as it was', () => {
  for (const waiting of [mail(), reminder, ordered]) expect(code(waiting)).toBeNull();
  expect(code(reminder, { status: 'in_progress' })).toBeNull();
});

it.each<[string, Partial<Standing>, string, string, string | null]>([
  ['is given to somebody else', { ownerId: 'carol' }, 'owner-changed', 'owner-changed', 'owner-changed'],
  ['has lost its owner', { ownerId: null }, 'owner-changed', 'owner-changed', 'owner-changed'],
  ['is done', { status: 'done' }, 'task-closed', 'task-closed', null],
  ['is cancelled', { status: 'cancelled' }, 'task-closed', 'task-closed', null],
  ['is to be looked at', { needsReview: true }, 'task-needs-review', 'task-needs-review', null],
])('of a task that %s', (_, change, assigned, reminding, byPerson) => {
  expect(code(mail(), change)).toBe(assigned);
  expect(code(reminder, change)).toBe(reminding);
  expect(code(ordered, change)).toBe(byPerson);
});

it.each<[string, Partial<Standing>]>([
  ['moved', { deadlineDate: '2026-11-28' }],
  ['taken away', { deadlineDate: null }],
  ['made a moment', { deadlineDate: null, deadlineAt: new Date('2026-11-27T15:00:00Z') }],
])('a reminder of a deadline that was %s goes to nobody; other mails do not care', (_, change) => {
  expect(code(reminder, change)).toBe('deadline-moved');
  expect(code(mail(), change)).toBeNull();
});

it('a reminder comes while the day lasts where it was said, not after', () => {
  expect(code(reminder, {}, new Date('2026-11-27T23:59:59Z'))).toBeNull();
  expect(code(reminder, {}, new Date('2026-11-28T00:00:00Z'))).toBe('deadline-over');
  const there = { deadlineTimezone: 'America/New_York' };
  expect(code(reminder, there, new Date('2026-11-28T04:59:59Z'))).toBeNull();
  expect(code(mail(), {}, new Date('2026-12-24T00:00:00Z'))).toBeNull();
});

it('every reason is one of those after which a mail may be ordered again', () => {
  expect(WITHDRAWN).toEqual(expect.arrayContaining(['owner-changed', 'task-closed', 'task-needs-review']));
});
