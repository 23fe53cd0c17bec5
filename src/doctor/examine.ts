/** Looks at every part that is configured, each by the cheapest call that does no harm, all at once. */
import { access, constants, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../config';
import { createMediaStore } from '../providers';
import { findFfmpeg, findSpeech } from '../tools';
import { findingFrom, unusable, works, type Finding } from './finding';
import { checkGoogle } from './google';
import { checkPostgres, checkTemporal } from './platform';
import { checkGemini, checkRapidApi, checkSendGrid } from './vendors';

/** `platform` false = Postgres and Temporal are those of `npm start`, which does not run. */
export async function examine(config: Config, { platform }: { platform: boolean }): Promise<Finding[]> {
  const found = await Promise.all([
    ...(platform ? [checkPostgres(config.database), checkTemporal(config.temporal)] : []),
    checkStore(config),
    checkSpeech(config),
    checkFfmpeg(config),
    checkExtractor(config),
    checkMail(config),
    checkCalendar(config),
  ]);
  return found;
}

const checkStore = async (config: Config): Promise<Finding> =>
  findingFrom({ part: 'store', configured: config.storage.provider }, () => createMediaStore(config).check());

async function checkSpeech({ speech }: Config): Promise<Finding> {
  if (speech.rapidApi) return checkRapidApi(speech.rapidApi);
  const part = { part: 'speech', configured: 'local' };
  return findingFrom(part, () => findSpeech({ named: speech.whisperModel, fetch: false }));
}

const checkFfmpeg = ({ speech: { ffmpegPath } }: Config): Promise<Finding> =>
  findingFrom({ part: 'ffmpeg', configured: ffmpegPath ?? 'wherever it is' }, () =>
    findFfmpeg({ named: ffmpegPath, fetch: false }),
  );

async function checkExtractor({ extraction }: Config): Promise<Finding> {
  if (extraction.gemini) return checkGemini(extraction.gemini);
  return works({ part: 'extractor', configured: 'local' }, 'rules for English: good for a trial');
}

async function checkMail({ mail, server }: Config): Promise<Finding> {
  if (mail.sendgrid) return checkSendGrid(mail.sendgrid);
  return checkFolder({ part: 'mail', configured: 'local' }, path.join(server.dataDir, 'outbox'));
}

async function checkCalendar(config: Config): Promise<Finding> {
  const { google } = config.calendar;
  if (google) return checkGoogle(google, config);
  return checkFolder(
    { part: 'calendar', configured: 'local' },
    path.join(config.server.dataDir, 'calendars'),
  );
}

async function checkFolder(part: Pick<Finding, 'part' | 'configured'>, folder: string): Promise<Finding> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    return works(part, `goes to ${folder}`);
  } catch {
    return unusable(part, `${folder} can not be written: check DATA_DIR`);
  }
}
