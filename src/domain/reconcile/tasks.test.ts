import { evidenceOf, found, oldTask, readAgain } from '../../../test/support/readings';
import { reconcileTasks, type EarlierTask } from '.';

const whole = { whole: true, timezone: 'UTC' };
const only = (task: EarlierTask, name: string, fields: Parameters<typeof found>[1] = {}) =>
  reconcileTasks([task], [found(name, fields)], whole);

describe('a task that was found again', () => {
  it('follows the new reading where it differs, and nowhere else', () => {
    const task = oldTask('Fix the payment tests', {
      evidence: evidenceOf(4, 'I will fix the payment tests'),
    });
    const read = { evidence: evidenceOf(4, 'I will fix the payment tests'), category: 'tests' };
    expect(only(task, 'Repair the tests for payments', read)).toEqual([
      {
        change: 'updated',
        id: task.id,
        fields: {
          name: 'Repair the tests for payments',
          fingerprint: 'repair the tests for payments',
          category: 'tests',
        },
      },
    ]);
  });

  it('is kept when it says the same, whatever the order of keys and quotes', () => {
    const [one, two] = [evidenceOf(1, 'Can you call Bob?'), evidenceOf(2, 'Yes.')];
    const task = oldTask('Call Bob', { evidence: [...one, ...two] });
    const read = [...two, ...one].map(
      (cited) => Object.fromEntries(Object.entries(cited).reverse()) as unknown as (typeof one)[number],
    );
    expect(only(task, 'Call Bob', { evidence: read })).toEqual([{ change: 'kept', id: task.id, fields: {} }]);
  });

  it.each([
    ['name', { name: 'Mine' }],
    ['owner', { ownerId: 'carol', ownerText: 'Carol' }],
    ['deadline', { deadlineDate: '2025-12-24', deadlineTimezone: 'UTC' }],
    ['category', { category: 'mine' }],
    ['needsReview', { needsReview: true }],
  ])('keeps its %s when a person edited that', (field, columns) => {
    const cited = { evidence: evidenceOf(1, 'I will call Bob on Friday') };
    const before = oldTask('Call Bob', {
      ...cited,
      ...columns,
      editedFields: [field],
      fingerprint: 'call bob',
    });
    const read = found('Call Bob today', {
      ...cited,
      ownerUserId: 'ben',
      ownerText: 'Ben',
      deadline: { date: '2025-10-17' },
      deadlineText: 'on Friday',
      category: 'phone',
    });
    const { task } = readAgain(before, [read]);
    const others = ['name', 'ownerId', 'deadlineDate', 'category', 'needsReview'] as const;
    const theirs = { name: 'Call Bob today', ownerId: 'ben', deadlineDate: '2025-10-17', category: 'phone' };
    expect(task).toMatchObject(columns);
    for (const other of others) {
      if (!(other in columns)) expect(task[other]).toEqual({ ...theirs, needsReview: false }[other]);
    }
  });

  it.each([
    ['done', { status: 'done' as const, editedFields: ['status'] }],
    ['cancelled', { status: 'cancelled' as const }],
    ['written by a person', { origin: 'human' as const, fingerprint: null }],
  ])('stays as it is when it is %s', (_, columns) => {
    const task = oldTask('Call Bob', columns);
    const read = found('Call Bob', { category: 'phone', needsReview: true });
    expect(reconcileTasks([task], [read], whole)).toEqual([{ change: 'kept', id: task.id, fields: {} }]);
  });

  it('stays deleted, though the answer has it twice', () => {
    const cited = { evidence: evidenceOf(1, 'I will call Bob') };
    const task = oldTask('Call Bob', { ...cited, deletedAt: new Date() });
    expect(reconcileTasks([task], [found('Call Bob', cited), found('Call Bob up', cited)], whole)).toEqual(
      [],
    );
  });

  it('is found under the name that a person gave it, too', () => {
    const task = oldTask('Ring the supplier', { fingerprint: 'call bob', editedFields: ['name'] });
    expect(only(task, 'Ring the supplier')).toMatchObject([{ change: 'kept', id: task.id }]);
    expect(only(task, 'Call Bob')).toMatchObject([{ change: 'kept', id: task.id }]);
  });
});

describe('an answer that has one task twice', () => {
  const cited = { evidence: evidenceOf(1, 'I will call Bob on Friday and on Monday') };
  const friday = { deadline: { date: '2025-10-17' }, deadlineText: 'on Friday' };
  const monday = { deadline: { date: '2025-10-20' }, deadlineText: 'on Monday' };
  const dates = (...items: object[]) =>
    reconcileTasks(
      [],
      items.map((fields) => found('Call Bob', { ...cited, ownerText: 'Ben', ...fields })),
      whole,
    ).map((change) => ('fields' in change ? change.fields.deadlineDate : change));

  it('makes one of it, the one that says more', () => {
    expect(dates({}, friday, { ownerText: null })).toEqual(['2025-10-17']);
    expect(dates(friday, {}, { ownerText: null })).toEqual(['2025-10-17']);
  });

  it('leaves what is due at two times, somebody else does, or was said elsewhere', () => {
    expect(dates(friday, monday)).toEqual(['2025-10-17', '2025-10-20']);
    expect(dates(friday, { ...friday, ownerText: 'Carol' })).toHaveLength(2);
    expect(dates(friday, { ...friday, evidence: evidenceOf(7, 'I will call Bob') })).toHaveLength(2);
  });
});

describe('whose it is', () => {
  const cited = { evidence: evidenceOf(1, 'I will call Bob') };
  const bens = (columns: Partial<EarlierTask> = {}) =>
    oldTask('Call Bob', { ...cited, ownerId: 'ben', ownerText: 'Ben', agreed: true, ...columns });
  const carols = { ...cited, ownerUserId: 'carol', ownerText: 'Carol', agreed: true };

  it('follows the reading while nobody was told', () => {
    expect(only(bens(), 'Call Bob', carols)).toMatchObject([
      { change: 'updated', fields: { ownerId: 'carol', ownerText: 'Carol' } },
    ]);
  });

  it('is not in doubt where a person has said it: their reminder goes on', () => {
    const given = bens({ editedFields: ['owner'], told: true });
    const doubt = { ...carols, needsReview: true, agreed: false };
    expect(readAgain(given, [found('Call Bob', doubt)]).task.needsReview).toBe(false);
    const marked = { ...given, needsReview: true };
    expect(readAgain(marked, [found('Call Bob', carols)]).task.needsReview).toBe(false);
    expect(readAgain(marked, [found('Call Bob', doubt)]).task.needsReview).toBe(true);
  });

  it('stays once somebody was told, and waits for a person', () => {
    const told = bens({ told: true });
    const changes = only(told, 'Call Bob', carols);
    expect(changes).toEqual([{ change: 'updated', id: told.id, fields: { needsReview: true } }]);
    const { task } = readAgain(told, [found('Call Bob', carols)]);
    expect(readAgain(task, [found('Call Bob', carols)]).task).toEqual(task);
  });

  it('is vouched for by whoever confirmed it, for that owner only', () => {
    const confirmed = bens({ editedFields: ['needsReview'], agreed: true });
    const unsure = { ...carols, agreed: false, needsReview: true };
    expect(readAgain(confirmed, [found('Call Bob', unsure)]).task).toMatchObject({
      ownerId: 'carol',
      agreed: false,
      needsReview: false,
    });
    const same = { ...unsure, ownerUserId: 'ben', ownerText: 'Ben' };
    expect(readAgain(confirmed, [found('Call Bob', same)]).task).toMatchObject({ agreed: true });
  });

  it('says nothing about an owner that a person chose', () => {
    const edited = bens({ ownerId: 'carol', agreed: false, editedFields: ['owner'] });
    const read = { ...carols, ownerUserId: 'ben', ownerText: 'Ben' };
    expect(readAgain(edited, [found('Call Bob', read)]).task).toMatchObject({
      ownerId: 'carol',
      agreed: false,
    });
  });
});

describe('a task that was not found again', () => {
  it.each([
    ['goes when nobody touched it', {}, { change: 'removed' }],
    [
      'is marked when it was edited',
      { editedFields: ['name'] },
      { change: 'kept', fields: { needsReview: true } },
    ],
    ['is marked when somebody was told', { told: true }, { change: 'kept', fields: { needsReview: true } }],
    ['is not marked against a person', { editedFields: ['needsReview'] }, { change: 'kept', fields: {} }],
    ['is marked once', { told: true, needsReview: true }, { change: 'kept', fields: {} }],
    ['is marked when it is being done', { status: 'in_progress' as const }, { change: 'kept' }],
    ['stays as it is when it is done', { status: 'done' as const }, { change: 'kept', fields: {} }],
  ])('%s', (_, columns, change) => {
    const task = oldTask('Call Bob', columns);
    expect(reconcileTasks([task], [], whole)).toMatchObject([{ id: task.id, ...change }]);
  });

  it('is no news when it was deleted or a person wrote it', () => {
    const tasks = [oldTask('A', { deletedAt: new Date() }), oldTask('B', { origin: 'human' })];
    expect(reconcileTasks(tasks, [], whole)).toEqual([]);
  });

  it('stays as it is when the reading left something out', () => {
    const tasks = [oldTask('Call Bob'), oldTask('Book a room', { told: true })];
    expect(reconcileTasks(tasks, [], { ...whole, whole: false })).toEqual(
      tasks.map(({ id }) => ({ change: 'kept', id, fields: {} })),
    );
  });
});

it('a found item that a person has written already is no second one', () => {
  const mine = oldTask('Send the report to finance', { origin: 'human', fingerprint: null, ownerId: 'anna' });
  const read = found('Send the report to Finance', {
    ownerUserId: 'ben',
    evidence: evidenceOf(3, 'I send it'),
  });
  expect(reconcileTasks([mine], [read], whole)).toEqual([{ change: 'kept', id: mine.id, fields: {} }]);
});

it('an answer that says the very same twice says it once', () => {
  const changes = reconcileTasks([], [found('Call Bob'), found('Call Bob'), found('Call Ben')], whole);
  expect(changes.map((change) => change.change === 'added' && change.fields.name)).toEqual([
    'Call Bob',
    'Call Ben',
  ]);
});
