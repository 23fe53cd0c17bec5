/** Picks the adapter of each port. `src/config/providers.ts` has refused every name that has none here. */
import path from 'node:path';
import type { Knex } from 'knex';
import type { Config } from '../config';
import { calendarPeople } from '../models/calendar-people';
import { databaseTurns } from '../models/turns';
import type {
  Calendar,
  CalendarConsent,
  Extractor,
  Mailer,
  MediaStore,
  Providers,
  SpeechToText,
} from '../ports';
import { findFfmpeg, findSpeech, type SpeechTools } from '../tools';
import { GeminiExtractor } from './gemini';
import { GoogleCalendar } from './google/calendar';
import { GoogleConsent } from './google/consent';
import { LocalCalendar } from './local/calendar';
import { LocalExtractor } from './local/extractor';
import { LocalMailer } from './local/mailer';
import { LocalMediaStore } from './local/media-store';
import { localDiarizer } from './local/speech/voices';
import { localSpeechToText } from './local/speech/whisper';
import { chooseProfile, rapidApiSpeech } from './rapidapi';
import { SendGridMailer } from './sendgrid/mailer';
import type * as S3 from './s3/media-store';
import type * as Supabase from './supabase/media-store';

/** Opens nothing: connections and programs are looked for when they are needed. `db` says who has connected a calendar. */
export function createProviders(config: Config, db: Knex): Providers {
  // What `npm start` has fetched; a worker fetches nothing.
  const speechTools = () => findSpeech({ named: config.speech.whisperModel, fetch: false });
  return {
    mediaStore: createMediaStore(config),
    speech: createSpeech(config, speechTools),
    diarizer: config.speech.diarizer === 'off' ? null : localDiarizer(speechTools),
    extractor: createExtractor(config),
    mailer: createMailer(config),
    calendar: createCalendar(config, db),
  };
}

function createSpeech({ speech }: Config, localTools: () => Promise<SpeechTools>): SpeechToText {
  if (!speech.rapidApi) return localSpeechToText(localTools);
  const { key, baseUrl } = speech.rapidApi;
  const ffmpeg = () => findFfmpeg({ named: speech.ffmpegPath, fetch: false });
  return rapidApiSpeech({ profile: chooseProfile(speech.rapidApi), key, baseUrl, findFfmpeg: ffmpeg });
}

/** The one port that the api needs as well. */
export function createMediaStore({ server, storage }: Config): MediaStore {
  if (storage.s3) return new (s3Module().S3MediaStore)(storage.s3);
  if (storage.supabase) return new (supabaseModule().SupabaseMediaStore)(storage.supabase);
  return new LocalMediaStore(path.join(server.dataDir, 'media'));
}

/* eslint-disable @typescript-eslint/no-require-imports -- clients are loaded when chosen: S3's takes 0.2 s and 40 MB */
const s3Module = () => require('./s3/media-store') as typeof S3;
const supabaseModule = () => require('./supabase/media-store') as typeof Supabase;
/* eslint-enable @typescript-eslint/no-require-imports */

function createExtractor({ extraction }: Config): Extractor {
  return extraction.gemini ? new GeminiExtractor(extraction.gemini) : new LocalExtractor();
}

function createMailer({ mail, server }: Config): Mailer {
  const sender =
    mail.fromEmail === null ? null : { name: mail.fromName ?? 'Meetings', email: mail.fromEmail };
  if (mail.sendgrid && sender) return new SendGridMailer(mail.sendgrid, sender);
  return new LocalMailer(path.join(server.dataDir, 'outbox'), sender ?? undefined);
}

function createCalendar({ calendar, server }: Config, db: Knex): Calendar {
  return calendar.google
    ? new GoogleCalendar(calendar.google, calendarPeople(db), databaseTurns(db))
    : new LocalCalendar(path.join(server.dataDir, 'calendars'));
}

/** null = users have nothing to connect: the calendars are local, or a service account gets at all of them. */
export function createCalendarConsent({ calendar }: Config): CalendarConsent | null {
  return calendar.google?.signIn.kind === 'per-user' ? new GoogleConsent(calendar.google) : null;
}
