/** The ledger's promise when a worker is really killed: each process here is one, and dies at the named place. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../src/project-root';
import { Delivery } from '../src/models/delivery';
import { Task } from '../src/models/task';
import { createTestDatabase, type TestDatabase } from '../test/support/database';
import { insertUser } from '../test/support/meetings';

const support = (file: string) => path.join(projectRoot, 'test/support', file);
let database: TestDatabase;
let outbox: string;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.destroy());
beforeEach(() => (outbox = mkdtempSync(path.join(tmpdir(), 'outbox-'))));
afterEach(() => rmSync(outbox, { recursive: true }));

async function ordered(): Promise<Delivery> {
  const { id: userId } = await insertUser(database.knex, 'Ben');
  const task = { name: 'Fix the tests', ownerId: userId, origin: 'human' } as const;
  const { id: taskId } = await Task.query(database.knex).insertAndFetch(task);
  const mail = { channel: 'email', kind: 'assigned', taskVersion: 1 } as const;
  return Delivery.query(database.knex).insertAndFetch({ ...mail, taskId, userId });
}

/** How the process ended. */
async function send({ id }: Delivery, failpoint = 'none'): Promise<string> {
  const script = ['--require', support('swc-require.cjs'), support('send-mail-process.ts')];
  const child = spawn(process.execPath, [...script, database.url, outbox, id, failpoint], {
    stdio: 'inherit',
  });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return signal ?? `exit ${code}`;
}

const load = ({ id }: Delivery) => Delivery.query(database.knex).findById(id).throwIfNotFound();
const mails = () => readdirSync(outbox).length;

it.each([
  ['after the ledger says sending, before the call', 'mail-ledgered', 0],
  ['after the call, before the ledger says sent', 'mail-sent', 1],
])(
  'killed %s: the outcome is unknown, is said, and nothing is sent again',
  async (_, failpoint, sent) => {
    const delivery = await ordered();
    expect(await send(delivery, failpoint)).toBe('SIGKILL');
    expect([mails(), (await load(delivery)).state]).toEqual([sent, 'sending']);
    for (let time = 0; time < 2; time++) expect(await send(delivery)).toBe('exit 0');
    expect(mails()).toBe(sent);
    const { state, attempts, error } = await load(delivery);
    expect([state, attempts, error?.code]).toEqual(['unknown', 1, 'outcome-unknown']);
  },
  120_000,
);

it('left alone, it sends one mail', async () => {
  const delivery = await ordered();
  for (let time = 0; time < 2; time++) expect(await send(delivery)).toBe('exit 0');
  expect([mails(), (await load(delivery)).state]).toEqual([1, 'sent']);
}, 120_000);
