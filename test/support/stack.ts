/** What one Jest run has started for its integration tests; written by the global set-up, read by the tests. */
import { readFileSync } from 'node:fs';
import type { ProcessIdentity } from '../../src/embedded/processes';

/** Enough for every test file; a namespace costs the server nothing measurable. */
export const NAMESPACES = Array.from({ length: 200 }, (_, number) => `test-${number}`);

/** The database that each test's own is copied from: migrated, empty. */
export const TEMPLATE_DATABASE = 'template_meetings';

export interface TestStack {
  directory: string;
  /** Of the database `postgres`. */
  databaseUrl: string;
  temporalAddress: string;
  /** Built from the sources, or why that failed. */
  workflowBundle: { codePath: string } | { error: string };
  processes: ProcessIdentity[];
}

export function testStack(): TestStack {
  const file = process.env.TEST_STACK_FILE;
  if (!file) throw new Error('This test needs the integration project: see jest.config.cjs');
  return JSON.parse(readFileSync(file, 'utf8')) as TestStack;
}
