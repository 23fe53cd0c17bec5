/** Random edits and readings in any order: no edit is lost, nothing comes back, nothing is there twice. */
import fc from 'fast-check';
import { applied, evidenceOf, found, oldTask } from '../../../test/support/readings';
import type { JudgedTask } from '../judged';
import { reconcileTasks, type EarlierTask } from '.';

/** What was said, and how answers may put it. */
const MATTERS: { quote: string; names: string[] }[] = [
  {
    quote: 'I will fix the payment tests by Friday',
    names: ['Fix the payment tests', 'Repair the tests for payments', 'Fix payment tests by Friday'],
  },
  {
    quote: 'I call the supplier about the new prices',
    names: ['Call the supplier about new prices', 'Phone the supplier: prices', 'Call supplier (prices)'],
  },
  {
    quote: 'The report goes to finance, I will send it',
    names: ['Send the report to finance', 'Send finance the report', 'Mail the report to finance'],
  },
  {
    quote: 'and somebody books the room for the workshop, I do',
    names: ['Book the room for the workshop', 'Reserve the workshop room', 'Book a workshop room'],
  },
];

const owner = fc.constantFrom(null, 'ben', 'carol');
const day = fc.constantFrom(null, '2025-10-17', '2025-10-20');

const item = fc
  .record({
    matter: fc.nat(MATTERS.length - 1),
    name: fc.nat(2),
    owner,
    day,
    needsReview: fc.boolean(),
    category: fc.constantFrom(null, 'tests', 'money'),
  })
  .map((said): JudgedTask => {
    const { quote, names } = MATTERS[said.matter]!;
    return found(names[said.name]!, {
      ownerUserId: said.owner,
      deadline: said.day === null ? null : { date: said.day },
      needsReview: said.needsReview,
      agreed: !said.needsReview,
      category: said.category,
      evidence: evidenceOf(said.matter * 10, quote),
    });
  });

const answer = fc.uniqueArray(item, { selector: ({ evidence }) => evidence[0]!.segmentId });
const reading = fc.record({ answer, whole: fc.boolean() });

/** A person's value for a field. */
interface Edit {
  field: string;
  columns: Partial<EarlierTask>;
}

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.constantFrom('Zebra', 'Giraffe').map((name) => ({ field: 'name', columns: { name } })),
  owner.map((ownerId) => ({ field: 'owner', columns: { ownerId, agreed: false } })),
  day.map((deadlineDate) => ({ field: 'deadline', columns: { deadlineDate } })),
  fc.constantFrom(null, 'mine').map((category) => ({ field: 'category', columns: { category } })),
  fc.boolean().map((needsReview) => ({ field: 'needsReview', columns: { needsReview } })),
  fc
    .constantFrom('in_progress' as const, 'done' as const, 'cancelled' as const)
    .map((status) => ({ field: 'status', columns: { status } })),
);

type Touch =
  ({ do: 'edit'; which: number } & Edit) | { do: 'delete'; which: number } | { do: 'tell'; which: number };
type Step = { do: 'read'; answer: JudgedTask[]; whole: boolean } | Touch | { do: 'write'; name: string };

const which = fc.nat(9);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: reading.map((read) => ({ do: 'read' as const, ...read })) },
  { weight: 3, arbitrary: fc.tuple(which, edit).map(([i, e]) => ({ do: 'edit' as const, which: i, ...e })) },
  which.map((i) => ({ do: 'delete' as const, which: i })),
  which.map((i) => ({ do: 'tell' as const, which: i })),
  fc.nat(3).map((i) => ({ do: 'write' as const, name: MATTERS[i]!.names[0]! })),
);

const read = (tasks: EarlierTask[], answers: JudgedTask[], whole: boolean) =>
  reconcileTasks(tasks, answers, { whole, timezone: 'UTC' });

/** What a person does to one of the tasks that are shown. */
function touch(tasks: EarlierTask[], done: Touch): EarlierTask[] {
  const shown = tasks.filter(({ deletedAt }) => deletedAt === null);
  const chosen = shown[done.which % Math.max(1, shown.length)];
  const change = (task: EarlierTask): EarlierTask => {
    if (done.do === 'delete') return { ...task, deletedAt: new Date(0) };
    if (done.do === 'edit')
      return { ...task, ...done.columns, editedFields: [...task.editedFields, done.field] };
    return { ...task, told: true };
  };
  return tasks.map((task) => (task === chosen ? change(task) : task));
}

const take = (tasks: EarlierTask[], next: Step): EarlierTask[] => {
  if (next.do === 'read') return applied(tasks, read(tasks, next.answer, next.whole));
  if (next.do === 'write') return [...tasks, oldTask(next.name, { origin: 'human', fingerprint: null })];
  return touch(tasks, next);
};

const COLUMN: Record<string, keyof EarlierTask> = {
  name: 'name',
  owner: 'ownerId',
  deadline: 'deadlineDate',
  category: 'category',
  needsReview: 'needsReview',
  status: 'status',
};

/** Whatever a person did to the tasks is still so. */
function expectNothingLost(before: EarlierTask[], after: EarlierTask[]): void {
  const now = new Map(after.map((task) => [task.id, task]));
  for (const task of before) {
    const untouchable =
      task.origin === 'human' || task.deletedAt || ['done', 'cancelled'].includes(task.status);
    if (untouchable) expect(now.get(task.id)).toEqual(task);
    if (task.told || task.editedFields.length > 0) expect(now.has(task.id)).toBe(true);
    for (const field of task.editedFields) {
      expect(now.get(task.id)![COLUMN[field]!]).toEqual(task[COLUMN[field]!]);
    }
  }
}

const RUNS = { numRuns: 300 };
const history = fc.array(step, { minLength: 3, maxLength: 14 });

it('no order of edits and readings loses an edit, brings back a task or doubles one', () => {
  fc.assert(
    fc.property(history, (steps) => {
      let tasks: EarlierTask[] = [];
      for (const next of steps) {
        const after = take(tasks, next);
        if (next.do === 'read') expectNothingLost(tasks, after);
        tasks = after;
        const cited = tasks
          .filter(({ origin }) => origin === 'ai')
          .map(({ evidence }) => evidence[0]!.segmentId);
        expect(cited).toHaveLength(new Set(cited).size);
      }
    }),
    RUNS,
  );
});

it('the same reading twice changes nothing', () => {
  fc.assert(
    fc.property(history, reading, (steps, { answer: answers, whole }) => {
      const before = steps.reduce(take, []);
      const tasks = applied(before, read(before, answers, whole));
      for (const change of read(tasks, answers, whole))
        expect(change).toMatchObject({ change: 'kept', fields: {} });
    }),
    RUNS,
  );
});

it('the order of tasks and of the answer makes no difference', () => {
  fc.assert(
    fc.property(history, reading, (steps, { answer: answers, whole }) => {
      const tasks = steps.reduce(take, []);
      const inOrder = (changes: object[]) => changes.map((change) => JSON.stringify(change)).sort();
      const there = read(tasks, answers, whole);
      const back = read(tasks.toReversed(), answers.toReversed(), whole);
      expect(inOrder(back)).toEqual(inOrder(there));
    }),
    RUNS,
  );
});
