import type { SpeechProfile } from '../profile';

/** Whisper in its own words. Takes 100 MB and two hours, which the gateway in front of it does not wait for. */
export const whisperApi: SpeechProfile = {
  name: 'whisper-api',
  host: 'whisper-api.p.rapidapi.com',
  submit: {
    method: 'POST',
    path: '/transcribe',
    body: 'multipart',
    source: 'bytes',
    sourceField: 'file',
    languageField: 'language',
    constants: { output_format: 'json' },
  },
  response: {
    text: ['/text'],
    language: ['/language'],
    segments: ['/segments'],
    segment: { text: ['/text'], start: ['/start'], end: ['/end'], unit: 's' },
  },
  limits: {
    maxBytes: 100_000_000,
    maxSeconds: 300,
    timeoutMs: 75_000,
    concurrency: 3,
    accept: ['mp3', 'flac', 'wav'],
  },
};
