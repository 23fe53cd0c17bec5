import type { SpeechProfile } from '../profile';

/** The host that public code calls most. Its limits are not published; shapes of answers differ between versions. */
export const speechToTextAi: SpeechProfile = {
  name: 'speech-to-text-ai',
  host: 'speech-to-text-ai.p.rapidapi.com',
  submit: {
    method: 'POST',
    path: '/transcribe',
    body: 'multipart',
    source: 'bytes',
    sourceField: 'file',
    languageField: 'lang',
    autoLanguage: 'auto',
    constants: { task: 'transcribe' },
  },
  response: {
    text: ['/text'],
    language: ['/language', '/lang'],
    duration: ['/duration'],
    segments: ['/chunks', '/segments'],
    segment: {
      text: ['/text'],
      start: ['/offset', '/start', '/timestamp/0'],
      end: ['/end', '/timestamp/1'],
      duration: ['/duration', '/dur'],
      unit: 's',
    },
  },
  limits: {
    maxBytes: 25_000_000,
    // Heard ten times faster than spoken, five minutes take half of what the gateway waits.
    maxSeconds: 300,
    timeoutMs: 75_000,
    concurrency: 3,
    accept: ['mp3', 'flac', 'wav'],
  },
};
