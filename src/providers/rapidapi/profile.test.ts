import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ConfigError } from '../../config';
import { chooseProfile } from './choose-profile';
import { profileSchema } from './profile';
import { speechToTextAi } from './profiles/speech-to-text-ai';
import { whisperApi } from './profiles/whisper-api';

let dir: string;
beforeAll(() => (dir = mkdtempSync(path.join(tmpdir(), 'profile-test-'))));
afterAll(() => rmSync(dir, { recursive: true }));

const SMALL = {
  name: 'mine',
  host: 'mine.p.rapidapi.com',
  submit: { path: '/speech-to-text' },
  response: { text: ['/text'] },
};

function fromFile(content: unknown) {
  const profileFile = path.join(dir, 'profile.json');
  writeFileSync(profileFile, typeof content === 'string' ? content : JSON.stringify(content));
  return chooseProfile({ profile: 'speech-to-text-ai', profileFile });
}

function problems(content: unknown): string {
  try {
    fromFile(content);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.join('\n');
    throw error;
  }
  return '';
}

it('built in are two, by name', () => {
  for (const profile of [speechToTextAi, whisperApi]) {
    expect(chooseProfile({ profile: profile.name, profileFile: null })).toEqual(profile);
    expect(profileSchema.validate(profile).error).toBeUndefined();
    expect(profile.host).toBe(`${profile.name}.p.rapidapi.com`);
  }
  expect(() => chooseProfile({ profile: 'other', profileFile: null })).toThrow(
    /RAPIDAPI_PROFILE must be one of speech-to-text-ai, whisper-api, or RAPIDAPI_PROFILE_FILE/,
  );
});

it('a file needs to say little, and wins over the name', () => {
  expect(fromFile(SMALL)).toMatchObject({
    name: 'mine',
    submit: { method: 'POST', body: 'multipart', source: 'bytes', sourceField: 'file' },
    limits: { maxSeconds: 300, timeoutMs: 75_000, concurrency: 2, accept: ['mp3'] },
  });
});

it.each([
  ['not JSON', '{', 'RAPIDAPI_PROFILE_FILE: it is not JSON'],
  ['a field nobody knows', { ...SMALL, colour: 1 }, 'colour is not allowed'],
  ['no host', { ...SMALL, host: undefined }, 'host is required'],
  ['no pointer', { ...SMALL, response: { text: ['text'] } }, 'JSON Pointer'],
  ['segments without their shape', { ...SMALL, response: { text: ['/t'], segments: ['/s'] } }, 'segment'],
  [
    'an address instead of bytes',
    { ...SMALL, submit: { path: '/x', source: 'signedUrl', body: 'form' } },
    'never handed out',
  ],
  ['an open line', { ...SMALL, baseUrl: 'http://mine.example.com' }, 'https: origin'],
])('a file with %s is refused at the start', (_what, content, problem) => {
  expect(problems(content)).toContain(problem);
});

it('a file that is not there is refused at the start', () => {
  const choose = () => chooseProfile({ profile: 'x', profileFile: path.join(dir, 'none.json') });
  expect(choose).toThrow(/RAPIDAPI_PROFILE_FILE: it can not be read/);
});
