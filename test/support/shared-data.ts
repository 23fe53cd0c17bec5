import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../src/project-root';

/** Real meetings and recordings that may not be copied into the project. */
export const sharedData = path.join(projectRoot, '../shared/data');

/** `describe`, or a loud note that the data is not beside the project. */
export function describeWithSharedData(name: string, tests: () => void): void {
  if (existsSync(sharedData)) return void describe(name, tests);
  console.warn(`NOT TESTED: ${name}: there is no ../shared/data beside the project`);
  it(`${name}: not tested without ../shared/data`, () => expect(existsSync(sharedData)).toBe(false));
}

export const readShared = (file: string): string => readFileSync(path.join(sharedData, file), 'utf8');
