/**
 * The program as built, with its patience shortened: a copy of `dist` in which a few named times are replaced. So the
 * product needs no setting for it, and what is tested is otherwise what is shipped.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../../src/project-root';
import { buildWorkflowBundle } from '../../../src/temporal/workflow-bundle';

interface Shortened {
  file: string;
  what: RegExp;
  by: string;
}

/** A tenth of what they are. */
export const HEARTBEAT_TIMEOUT_MS = 3_000;
export const LEASE_MS = 10_000;

const SHORTENED: Shortened[] = [
  {
    file: 'workflows/activities.js',
    what: /heartbeatTimeout: '30 seconds'/g,
    by: `heartbeatTimeout: ${HEARTBEAT_TIMEOUT_MS}`,
  },
  {
    file: 'workflows/activities.js',
    what: /startToCloseTimeout: '(30 seconds|1 minute|2 minutes)'/g,
    by: 'startToCloseTimeout: 4_000',
  },
  { file: 'activities/heartbeat.js', what: /INTERVAL_MS = [^;]+/, by: 'INTERVAL_MS = 1_000' },
  {
    file: 'src/db/connection.js',
    what: /IDLE_IN_TRANSACTION_MS = [^;]+/,
    by: 'IDLE_IN_TRANSACTION_MS = 3_000',
  },
  { file: 'api/idempotency/claim.js', what: /interval '20 seconds'/, by: `interval '4 seconds'` },
  { file: 'api/idempotency/claim.js', what: /RENEW_MS = [^;]+/, by: 'RENEW_MS = 1_000' },
  { file: 'api/upload/lease.js', what: /\bLEASE_MS = [^;]+/, by: `LEASE_MS = ${LEASE_MS}` },
  { file: 'api/upload/lease.js', what: /\bRENEW_MS = [^;]+/, by: 'RENEW_MS = 2_000' },
];

const BUILDS = path.join(projectRoot, '.cache/chaos/builds');

/** Where the build of the run with this directory lies: under the project, so that it finds its packages. */
export const buildOf = (runDirectory: string): string => path.join(BUILDS, path.basename(runDirectory));

/** A run that was killed leaves its build; its directory is removed by then. */
export function removeDeadBuilds(): void {
  if (!existsSync(BUILDS)) return;
  for (const name of readdirSync(BUILDS))
    if (!existsSync(path.join(tmpdir(), name)))
      rmSync(path.join(BUILDS, name), { recursive: true, force: true });
}

/** Makes the copy in `root` and returns `root`; throws when a time to be shortened is not where it was. */
export async function makeTestBuild(root: string): Promise<string> {
  const dist = path.join(root, 'dist');
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  cpSync(path.join(projectRoot, 'dist'), dist, {
    recursive: true,
    filter: (file) => !/\.map$|dist\/test$|workflow-bundle\.js/.test(file),
  });
  cpSync(path.join(projectRoot, 'package.json'), path.join(root, 'package.json'));
  for (const change of SHORTENED) shorten(dist, change);
  const cached = path.join(projectRoot, '.cache/chaos/workflow-bundle.js');
  await buildWorkflowBundle(dist, cached);
  cpSync(cached, path.join(dist, 'workflow-bundle.js'));
  return root;
}

function shorten(dist: string, { file, what, by }: Shortened): void {
  const name = path.join(dist, file);
  const code = readFileSync(name, 'utf8');
  const changed = code.replace(what, by);
  if (changed === code) throw new Error(`${file} does not say ${what} any more: adapt the fault suite`);
  writeFileSync(name, changed);
}
