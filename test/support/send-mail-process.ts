/** Sends one mail of the ledger in a process of its own, and dies at the failpoint it is told: a worker that is killed. */
import { MockActivityEnvironment } from '@temporalio/testing';
import type { ActivityDeps } from '../../activities/deps';
import { sendMail } from '../../activities/send-mail';
import { openDatabase } from '../../src/db/connection';
import { createLogger } from '../../src/log';
import { LocalMailer } from '../../src/providers/local/mailer';

const [url, outbox, deliveryId, failpoint] = process.argv.slice(2) as [string, string, string, string];
const die = async (name: string) => void (name === failpoint && process.kill(process.pid, 'SIGKILL'));
Object.assign(globalThis, { [Symbol.for('meeting-pipeline.failpoint')]: die });

const db = openDatabase({ url, migrationUrl: url, caFile: null, poolMax: 2 });
const providers = { mailer: new LocalMailer(outbox) };
const deps = { db, providers, log: createLogger('child', 'silent') } as unknown as ActivityDeps;
const attempt = new MockActivityEnvironment();
void attempt.run(() => sendMail(deps, deliveryId)).then(() => db.destroy());
