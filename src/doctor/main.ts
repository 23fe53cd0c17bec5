/** `npm run doctor`: says of everything that is configured whether it is there, lets us in, and what to do if not. */
import { loadConfig, loadEnvFile } from '../config';
import { loadStackConfig } from '../embedded/stack-config';
import { readStack } from '../embedded/stack-file';
import { examine } from './examine';
import { table } from './table';

/** Where Postgres and Temporal are: as configured, else those of the `npm start` that runs, else nowhere. */
function withStack(env: NodeJS.ProcessEnv): { env: NodeJS.ProcessEnv; platform: boolean } {
  if (env.DATABASE_URL) return { env, platform: true };
  const stack = readStack(loadStackConfig(env).server.dataDir);
  if (!stack) return { env, platform: false };
  const { databaseUrl: DATABASE_URL, temporalAddress: TEMPORAL_ADDRESS } = stack;
  return { env: { ...env, DATABASE_URL, TEMPORAL_ADDRESS }, platform: true };
}

async function main(): Promise<number> {
  const { env, platform } = withStack(loadEnvFile());
  const findings = await examine(platform ? loadConfig(env) : loadStackConfig(env), { platform });
  console.log(table(findings));
  if (!platform) console.log('\npostgres and temporal: `npm start` brings its own, and it does not run.');
  const broken = findings.filter((finding) => finding.broken);
  console.log(
    broken.length === 0 ? '\nAll is well.' : `\n${broken.length} of ${findings.length} need attention.`,
  );
  return broken.length === 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    // The message alone: an error may carry the address that it is about, password included.
    console.error(error instanceof Error ? error.message : 'the doctor failed');
    process.exit(1);
  },
);
