/** Starts a real PostgreSQL and a real Temporal for one Jest run and builds the workflows, all side by side. */
import { copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { migrateDatabase } from '../../src/db/migrate';
import { freePort } from '../../src/embedded/ports';
import { startPostgres } from '../../src/embedded/postgres';
import type { ProcessIdentity } from '../../src/embedded/processes';
import { startTemporal } from '../../src/embedded/temporal-server';
import { projectRoot } from '../../src/project-root';
import { buildWorkflowBundle } from '../../src/temporal/workflow-bundle';
import { createRunDirectory, recordProcesses, removeDeadRuns } from './run-directory';
import { NAMESPACES, TEMPLATE_DATABASE, type TestStack } from './stack';
import { temporalCli } from './temporal-cli';

async function startDatabase(directory: string) {
  const server = await startPostgres({
    directory: path.join(directory, 'postgres'),
    port: await freePort(0),
    durable: false,
  });
  return server;
}

async function migrateTemplate(adminUrl: string): Promise<void> {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`create database ${TEMPLATE_DATABASE}`);
  await admin.end();
  const template = new URL(adminUrl);
  template.pathname = `/${TEMPLATE_DATABASE}`;
  const url = template.toString();
  await migrateDatabase({ url, migrationUrl: url, caFile: null, poolMax: 2 });
}

async function startTemporalForTests(directory: string) {
  return startTemporal({
    cliPath: await temporalCli(),
    port: await freePort(0),
    uiPort: null,
    databaseFile: null,
    logFile: path.join(directory, 'temporal.log'),
    namespaces: NAMESPACES,
  });
}

/** Kept between runs; copied, so that a change of the workflows meets no run that has begun. */
async function bundle(directory: string): Promise<TestStack['workflowBundle']> {
  const cached = path.join(projectRoot, '.cache/test/workflow-bundle.js');
  const codePath = path.join(directory, 'workflow-bundle.js');
  try {
    await buildWorkflowBundle(projectRoot, cached);
    copyFileSync(cached, codePath);
    return { codePath };
  } catch (error) {
    return { error: String(error) };
  }
}

export default async function globalSetup(): Promise<void> {
  await removeDeadRuns();
  const directory = createRunDirectory();
  const processes: ProcessIdentity[] = [];
  const remember = <T extends { identity: ProcessIdentity }>(server: T): T => {
    processes.push(server.identity);
    recordProcesses(directory, processes);
    return server;
  };
  const [postgres, temporal, workflowBundle] = await Promise.all([
    startDatabase(directory).then(remember),
    startTemporalForTests(directory).then(remember),
    bundle(directory),
  ]);
  await migrateTemplate(postgres.url);
  const { url: databaseUrl } = postgres;
  const stack: TestStack = {
    directory,
    databaseUrl,
    temporalAddress: temporal.address,
    workflowBundle,
    processes,
  };
  process.env.TEST_STACK_FILE = path.join(directory, 'stack.json');
  writeFileSync(process.env.TEST_STACK_FILE, JSON.stringify(stack));
}
