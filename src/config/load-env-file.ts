import { existsSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../project-root';

/** Adds the project's `.env` to `process.env`, when there is one; what is set already wins. For entry points. */
export function loadEnvFile(): NodeJS.ProcessEnv {
  const file = path.join(projectRoot, '.env');
  if (existsSync(file)) process.loadEnvFile(file);
  return process.env;
}
