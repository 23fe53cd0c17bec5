import { existsSync } from 'node:fs';
import path from 'node:path';

function findRoot(dir: string): string {
  return existsSync(path.join(dir, 'package.json')) ? dir : findRoot(path.dirname(dir));
}

/** The folder of `package.json`, whether the code runs from source or from `dist`: where scripts and data files lie. */
export const projectRoot = findRoot(__dirname);
