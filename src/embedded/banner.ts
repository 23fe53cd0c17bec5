import type { Config } from '../config';
import type { Plan } from './plan';

const LOCAL: [string, (config: Config) => string, string][] = [
  ['storage', (config) => config.storage.provider, 'recordings in media/'],
  ['speech', (config) => config.speech.provider, 'faster-whisper, English, draft quality'],
  ['extraction', (config) => config.extraction.provider, 'rules, no model'],
  ['mail', (config) => config.mail.provider, 'files in outbox/, nothing is sent'],
  ['calendar', (config) => config.calendar.provider, 'files in calendars/'],
];

/** What a person wants to know after a start: where things are, and what is not the real thing. */
export function banner(plan: Plan, config: Config, tookMs: number): string {
  const { apiUrl, webUiUrl, dataDir, logDir } = plan;
  const { port } = config.server;
  const moved = port === 0 || plan.apiPort === port ? '' : `  (port ${port} is taken)`;
  const local = LOCAL.filter(([, provider]) => provider(config) === 'local');
  return [
    '',
    `Ready after ${(tookMs / 1000).toFixed(1)} s.`,
    `  API        ${apiUrl}${moved}`,
    `  API docs   ${apiUrl}/docs`,
    `  Runs       ${webUiUrl ?? 'the Web UI of your Temporal'}`,
    `  Data       ${dataDir}`,
    `  Logs       ${logDir}`,
    ...(local.length ? ['', 'Local providers (set keys to replace them, see .env.example):'] : []),
    ...local.map(([name, , what]) => `  ${name.padEnd(10)} ${what}`),
    '',
    'Ctrl-C stops everything; the data stays.',
  ].join('\n');
}
