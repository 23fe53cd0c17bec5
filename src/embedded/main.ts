/** `npm start`: one command that brings everything, keeps it running and takes it away again. */
import { mkdirSync } from 'node:fs';
import { ConfigError, loadEnvFile, type Config } from '../config';
import { banner } from './banner';
import { reapLeftovers } from './leftovers';
import { AlreadyRunningError, takeLock } from './lock';
import { EmbeddedStack } from './stack';
import { loadStackConfig } from './stack-config';
import { findTools } from './tools';

const say = (line: string) => console.log(line);

function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = () => controller.abort();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop);
  return controller.signal;
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

async function run(config: Config, env: NodeJS.ProcessEnv): Promise<void> {
  const signal = stopSignal();
  const begun = performance.now();
  const ended = await reapLeftovers(config.server.dataDir);
  if (ended.length) say(`A previous start was killed; ended what it had left: ${ended.join(', ')}`);
  const tools = findTools(config, say);
  const databaseUrl = env.DATABASE_URL || null;
  const stack = await EmbeddedStack.plan({ config, env, databaseUrl, tools, say, signal });
  try {
    await stack.start();
    say(banner(stack.plan, config, performance.now() - begun));
    await aborted(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    say('Stopping …');
    await stack.stop();
  }
}

async function main(): Promise<void> {
  const env = loadEnvFile();
  const config = loadStackConfig(env);
  mkdirSync(config.server.dataDir, { recursive: true });
  const release = takeLock(config.server.dataDir);
  const alive = setInterval(() => undefined, 3_600_000); // our children don't keep us alive
  try {
    await run(config, env);
    say('Stopped; the data stays in ' + config.server.dataDir);
  } finally {
    clearInterval(alive);
    release();
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const plain = error instanceof ConfigError || error instanceof AlreadyRunningError;
    console.error(plain ? error.message : error);
    process.exit(1);
  },
);
