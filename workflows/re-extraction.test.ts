/** Five changing answers over a person's work, through the API: what was edited, finished, deleted and written stays. */
import type { ExtractedTask, ExtractionInput, ExtractionOutput, Extractor } from '../src/ports';
import { Task } from '../src/models/task';
import { startTestApi, type TestApi } from '../test/support/api';
import { MeetingDriver } from '../test/support/meeting-driver';
import { startTestPipeline, type TestPipeline } from '../test/support/pipeline';
import { eventually } from '../test/support/poll';

const LINES = [
  'Ben: I will fix the payment tests by Friday.',
  'Carol: I will call the supplier about the new prices.',
  'Anna: I will send the report to finance tomorrow.',
  'Ben: I will book the room for the workshop.',
  'Carol: I will order 25 chairs.',
  'Anna: We launch on the tenth.',
  'Ben: Who signs the contract?',
];

/** What the answers say of each line: task after task, in other words each time. */
const WORDS = [
  ['Fix the payment tests', 'Repair the tests for payments', 'Fix payment tests by Friday'],
  ['Call the supplier about new prices', 'Phone the supplier: prices', 'Call supplier (prices)'],
  ['Send the report to finance', 'Send finance the report', 'Mail the report to finance'],
  ['Book the room for the workshop', 'Reserve the workshop room', 'Book a workshop room'],
  ['Order 25 chairs', 'Order chairs (25)', 'Order 25 chairs for the office'],
];
const PATIENT = { deadlineMs: 60_000 };
const OWNERS = ['Ben', 'Carol', 'Anna'];

/** Answers differently each time: other words, owners, deadlines and categories, another order. */
class ChangingExtractor implements Extractor {
  readonly provider = 'scripted';
  round = 0;

  async extract({ segments }: ExtractionInput): Promise<ExtractionOutput> {
    const round = this.round++;
    const cite = (i: number) => [{ segmentId: segments[i]!.id, quote: segments[i]!.text }];
    const tasks = WORDS.map((names, i): ExtractedTask => ({
      name: names[round % 3]!,
      ownerText: round === 0 ? segments[i]!.speaker : OWNERS[(i + round) % 3]!,
      deadlineText: round % 2 === 0 ? null : 'by Friday',
      category: `round ${round}`,
      evidence: cite(i),
    }));
    return {
      tasks: round % 2 === 0 ? tasks : tasks.toReversed(),
      decisions: [
        { text: ['Launch on the tenth', 'The launch is on the tenth'][round % 2]!, evidence: cite(5) },
      ],
      questions: [
        {
          text: 'Who signs the contract?',
          status: round < 2 ? ('open' as const) : 'answered',
          evidence: cite(6),
        },
      ],
      provider: 'scripted',
      model: 'changing',
      quality: 'standard' as const,
      promptVersion: '1',
      coverage: 1,
      tokens: null,
      rejected: 0,
    };
  }
}

let pipeline: TestPipeline;
let api: TestApi;
let driver: MeetingDriver;

beforeAll(async () => {
  pipeline = await startTestPipeline({ extractor: new ChangingExtractor() });
  api = await startTestApi({ db: pipeline.database.knex, temporal: pipeline.temporal.client });
  driver = new MeetingDriver(pipeline);
}, 120_000);
afterAll(async () => {
  await api.close();
  await pipeline.close();
});

interface Shown {
  id: string;
  name: string;
  version: number;
  evidence: { quote: string }[];
}
interface Entry {
  kind: 'task' | 'decision' | 'question';
  change: 'added' | 'updated' | 'removed' | 'kept';
  id: string;
  before: Shown | null;
  after: Shown | null;
}
type Items = Record<Entry['kind'], Shown[]>;

async function itemsOf(meetingId: string): Promise<Items> {
  const { body } = await api.send('GET', `/meeting/${meetingId}`);
  return { task: body.actionItems, decision: body.decisions, question: body.unresolvedQuestions };
}

const sorted = (items: Shown[]) => [...items].sort((one, other) => (one.id < other.id ? -1 : 1));

/** The items of one kind after these changes. */
function patched(items: Shown[], kind: Entry['kind'], diff: Entry[]): Shown[] {
  const after = new Map(items.map((item) => [item.id, item]));
  for (const entry of diff.filter((candidate) => candidate.kind === kind)) {
    expect(entry.before).toEqual(after.get(entry.id) ?? null);
    after.delete(entry.id);
    if (entry.after) after.set(entry.id, entry.after);
  }
  return sorted([...after.values()]);
}

const about = (tasks: Shown[], word: RegExp): Shown =>
  tasks.find(({ evidence }) => evidence.some(({ quote }) => word.test(quote)))!;

async function send(method: string, path: string, body?: unknown) {
  const answer = await api.send(method, path, body === undefined ? {} : { body });
  expect(answer.status).toBeLessThan(300);
  return answer.body;
}

it('loses no edit, brings nothing back, doubles nothing, and each diff is right', async () => {
  const meeting = await driver.startedFromTranscript(LINES);
  await driver.becomes(meeting, 'ready');
  await eventually(() => expect(pipeline.outbox()).toHaveLength(5), PATIENT);
  const { task: first } = await itemsOf(meeting.id);
  const fix = about(first, /payment/);
  const ordered = about(first, /chairs/);
  const called = about(first, /supplier/);
  const people = (await api.send('GET', `/meeting/${meeting.id}`)).body.participants;
  const edits = {
    name: 'Rewrite the payment tests from scratch',
    owner: people[0].userId,
    deadline: '2025-12-24',
    category: 'quality',
    status: 'in_progress',
    needsReview: true,
  };
  const edited = await send('PUT', `/tasks/${fix.id}`, edits);
  const finished = await send('PUT', `/tasks/${ordered.id}`, { status: 'done' });
  await send('DELETE', `/tasks/${called.id}`);
  const written = await send('POST', '/tasks', { meetingId: meeting.id, name: 'Thank the caterer' });
  const mails = () => pipeline.outbox().filter((mail) => !mail.includes(written.name)).length;
  await eventually(async () => {
    const lagging = Task.query(driver.db)
      .where({ meetingId: meeting.id })
      .whereRaw('version > synced_version');
    expect(await lagging.resultSize()).toBe(0);
  }, PATIENT);
  const sent = mails();

  for (let round = 1; round <= 5; round++) {
    const before = await itemsOf(meeting.id);
    const { requestId } = await send('POST', `/extract/${meeting.id}`);
    await driver.isDone(meeting, requestId);
    const after = await itemsOf(meeting.id);
    const { diff, changes } = await send('GET', `/meeting/${meeting.id}/extractions/${round + 1}`);
    for (const kind of ['task', 'decision', 'question'] as const) {
      expect(patched(before[kind], kind, diff)).toEqual(sorted(after[kind]));
    }
    const count = (change: string) => diff.filter((entry: Entry) => entry.change === change).length;
    expect(changes).toEqual({
      added: count('added'),
      updated: count('updated'),
      removed: count('removed'),
      kept: count('kept'),
    });
    const byId = new Map(after.task.map((task) => [task.id, task]));
    expect(byId.get(fix.id)).toMatchObject({ ...edits, editedFields: edited.editedFields });
    expect(byId.get(ordered.id)).toEqual(finished);
    expect(byId.get(written.id)).toEqual(written);
    expect(byId.has(called.id)).toBe(false);
    expect([...byId.keys()].sort()).toEqual(
      [...first.map(({ id }) => id).filter((id) => id !== called.id), written.id].sort(),
    );
    expect([after.decision.map(({ id }) => id), after.question.map(({ id }) => id)]).toEqual([
      before.decision.map(({ id }) => id),
      before.question.map(({ id }) => id),
    ]);
  }
  expect(mails()).toBe(sent);
}, 180_000);
