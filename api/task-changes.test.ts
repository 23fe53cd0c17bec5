/** What a person's change writes, and how a deadline goes in and comes out. */
import fc from 'fast-check';
import { Task } from '../src/models/task';
import { deadlineColumns, presentDeadline, sameDeadline } from './deadline';
import { changesOf, type TaskChange } from './task-changes';

const ZONE = 'Europe/Berlin';
const task = (fields: Partial<Task> = {}): Task =>
  Task.fromJson({
    name: 'Send the report',
    ownerId: 'ben',
    status: 'open',
    category: null,
    deadlineDate: '2026-03-28',
    deadlineAt: null,
    deadlineTimezone: ZONE,
    needsReview: false,
    agreed: true,
    editedFields: [],
    version: 4,
    ...fields,
  });

test.each<[TaskChange, Partial<Task>]>([
  [{ name: 'New' }, { name: 'New', editedFields: ['name'] }],
  [{ status: 'done' }, { status: 'done', editedFields: ['status'] }],
  [{ category: 'phone' }, { category: 'phone', editedFields: ['category'] }],
  [{ owner: 'zoe' }, { ownerId: 'zoe', agreed: false, editedFields: ['owner'] }],
  [{ owner: null }, { ownerId: null, agreed: false, editedFields: ['owner'] }],
  [{ deadline: '2026-04-01' }, { deadlineDate: '2026-04-01', deadlineAt: null, deadlineTimezone: ZONE }],
  [{ deadline: null }, { deadlineDate: null, deadlineAt: null, deadlineTimezone: null }],
  [
    { deadline: '2026-04-01T10:00:00Z' },
    { deadlineDate: null, deadlineAt: new Date('2026-04-01T10:00:00Z'), deadlineTimezone: ZONE },
  ],
  [{ needsReview: true }, { needsReview: true, editedFields: ['needsReview'] }],
])('%j', (change, columns) => {
  expect(changesOf(task(), change, ZONE)).toMatchObject({
    ...columns,
    version: 5,
    updatedAt: expect.any(Date),
  });
});

test.each<TaskChange>([
  {},
  { name: 'Send the report' },
  { owner: 'ben', status: 'open', category: null, needsReview: false },
  { deadline: '2026-03-28' },
])('%j changes nothing, so there is no new version', (change) =>
  expect(changesOf(task(), change, ZONE)).toBeNull(),
);

test('only what differs counts as edited, once, with what was edited before', () => {
  const edited = task({ editedFields: ['name', 'status'] });
  const columns = changesOf(edited, { name: 'New', status: 'open', category: 'x' }, ZONE);
  expect(columns?.editedFields).toEqual(['name', 'status', 'category']);
});

test('a person who confirms vouches for the owner, and for a new one whom they name in the same breath', () => {
  const waiting = task({ needsReview: true, agreed: false });
  expect(changesOf(waiting, { needsReview: false }, ZONE)).toMatchObject({
    needsReview: false,
    agreed: true,
  });
  const both = changesOf(waiting, { needsReview: false, owner: 'zoe' }, ZONE);
  expect(both).toMatchObject({ ownerId: 'zoe', needsReview: false, agreed: true });
});

test('an absent field is never cleared', () => {
  const fields = ['name', 'owner', 'status', 'deadline', 'category', 'needsReview'] as const;
  const values = {
    name: 'N',
    owner: null,
    status: 'done',
    deadline: null,
    category: 'c',
    needsReview: true,
  } as const;
  fc.assert(
    fc.property(fc.subarray([...fields]), (sent) => {
      const change = Object.fromEntries(sent.map((name) => [name, values[name]])) as TaskChange;
      expect(changesOf(task(), change, ZONE)?.editedFields ?? []).toEqual(sent);
    }),
  );
});

describe('a deadline', () => {
  test.each([
    ['2026-11-23', ZONE, '2026-11-23'],
    ['2026-11-23T15:00:00+01:00', ZONE, '2026-11-23T15:00:00+01:00'],
    ['2026-11-23T14:00:00Z', ZONE, '2026-11-23T15:00:00+01:00'],
    ['2026-07-01T15:00:00Z', ZONE, '2026-07-01T17:00:00+02:00'],
    ['2026-11-23T15:00:00Z', 'UTC', '2026-11-23T15:00:00Z'],
    ['2026-11-23T15:00:00.250Z', 'UTC', '2026-11-23T15:00:00.250Z'],
    ['2026-11-23T23:30:00Z', 'Asia/Tokyo', '2026-11-24T08:30:00+09:00'],
    // The hour that comes twice: each of its moments has an offset of its own.
    ['2026-10-25T00:30:00Z', ZONE, '2026-10-25T02:30:00+02:00'],
    ['2026-10-25T01:30:00Z', ZONE, '2026-10-25T02:30:00+01:00'],
  ])('%s in %s is shown as %s', (sent, zone, shown) =>
    expect(presentDeadline(deadlineColumns(sent, zone))).toBe(shown),
  );

  test('that is none stays none', () => expect(presentDeadline(deadlineColumns(null, ZONE))).toBeNull());

  test('any moment survives being written and shown', () => {
    const moments = fc.date({
      min: new Date('1900-01-02'),
      max: new Date('2100-01-01'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(moments, fc.constantFrom('UTC', ZONE, 'America/St_Johns', 'Pacific/Apia'), (at, zone) => {
        const shown = presentDeadline(deadlineColumns(at.toISOString(), zone));
        // Zones had offsets with seconds once, which RFC 3339 can't say.
        if (at.getUTCFullYear() > 1970) expect(Date.parse(shown!)).toBe(at.getTime());
      }),
    );
  });

  test.each([
    ['2026-11-23', '2026-11-23', true],
    ['2026-11-23', '2026-11-24', false],
    ['2026-11-23', null, false],
    [null, null, true],
    ['2026-11-23T15:00:00Z', '2026-11-23T16:00:00+01:00', true],
    ['2026-11-23T15:00:00Z', '2026-11-23T15:00:00.001Z', false],
    ['2026-11-23', '2026-11-23T00:00:00Z', false],
  ])('%s and %s are the same: %p', (one, other, same) => {
    expect(sameDeadline(deadlineColumns(one, 'UTC'), deadlineColumns(other, ZONE))).toBe(same);
  });
});
