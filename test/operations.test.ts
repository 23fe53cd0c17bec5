/** The queries of OPERATIONS.md, word for word, on a real server with runs of every kind. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { MEETING_STATUSES } from '../src/domain/meeting';
import { projectRoot } from '../src/project-root';
import { FAILURE_CODE, MEETING_ID, MEETING_OWNER, MEETING_STAGE } from '../src/temporal/search-attributes';
import { eventually } from './support/poll';
import { testTemporal, type TestTemporal } from './support/temporal';

/** No worker: runs stay as they were started. */
let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await testTemporal();
  await Promise.all(Object.entries(RUNS).map(([name, facts]) => start(name, facts)));
  await temporal.client.workflow.getHandle('closed').terminate();
  await eventually(async () => {
    const { count } = await temporal.client.workflow.count();
    const closed = await temporal.client.workflow.count('ExecutionStatus = "Terminated"');
    expect([count, closed.count]).toEqual([Object.keys(RUNS).length, 1]);
  });
});
afterAll(() => temporal.close());

interface Facts {
  stage?: (typeof MEETING_STATUSES)[number];
  code?: string;
  meeting?: string;
  owner?: string;
}

const RUNS: Record<string, Facts> = {
  refused: { stage: 'failed', code: 'speech-key-refused', meeting: 'm1', owner: 'u1' },
  'late failure': { stage: 'ready', code: 'gemini-auth', owner: 'u1' },
  hearing: { stage: 'transcribing', meeting: 'm2', owner: 'u2' },
  waiting: { stage: 'queued' },
  ready: { stage: 'ready' },
  cancelled: { stage: 'cancelled' },
  closed: { stage: 'extracting', meeting: 'm1' },
  delivery: {},
};

async function start(workflowId: string, { stage, code, meeting, owner }: Facts): Promise<void> {
  await temporal.client.workflow.start(stage ? 'MeetingPipeline' : 'TaskSync', {
    workflowId,
    taskQueue: 'nobody',
    typedSearchAttributes: [
      ...(stage ? [{ key: MEETING_STAGE, value: stage }] : []),
      ...(code ? [{ key: FAILURE_CODE, value: code }] : []),
      ...(meeting ? [{ key: MEETING_ID, value: meeting }] : []),
      ...(owner ? [{ key: MEETING_OWNER, value: owner }] : []),
    ],
  });
}

/** What stands between angle brackets, filled in. */
const FILLED: [string, string][] = [
  ['<meeting id>', 'm1'],
  ['<user id>', 'u1'],
  ['<2025-10-14T09:00:00Z>', '2100-01-01T00:00:00Z'],
];

function queries(): string[] {
  const written = readFileSync(path.join(projectRoot, 'OPERATIONS.md'), 'utf8');
  const [, part = ''] = written.split('## Find runs\n');
  return [...(part.split('\n## ')[0] ?? '').matchAll(/^\| `(.+?)` +\|/gm)].map(([, query]) =>
    FILLED.reduce((filled, [blank, value]) => filled.replace(blank, value), query!),
  );
}

test('each of the ten finds the runs that it says', async () => {
  const found = await Promise.all(
    queries().map(async (query) => {
      const ids: string[] = [];
      for await (const { workflowId } of temporal.client.workflow.list({ query })) ids.push(workflowId);
      return ids.sort();
    }),
  );
  expect(found).toEqual([
    ['refused'],
    ['late failure', 'refused'],
    ['late failure'],
    ['refused'],
    ['late failure'],
    ['hearing', 'waiting'],
    ['hearing'],
    ['closed', 'refused'],
    ['late failure', 'refused'],
    ['delivery'],
  ]);
});

test('a stage that is in no query of work under way is one at which a meeting rests', () => {
  const underWay = queries()[5]!
    .match(/"[a-z]+"/g)!
    .map((stage) => stage.slice(1, -1));
  const resting = MEETING_STATUSES.filter((status) => !underWay.includes(status));
  expect(resting).toEqual(['ready', 'failed', 'cancelled']);
});
