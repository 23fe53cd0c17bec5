import { readFileSync } from 'node:fs';
import { ConfigError } from '../../config';
import { parseSecureOrigin } from '../../config/urls';
import { profileSchema, type SpeechProfile } from './profile';
import { speechToTextAi } from './profiles/speech-to-text-ai';
import { whisperApi } from './profiles/whisper-api';

const BUILT_IN = [speechToTextAi, whisperApi];

/** The service that is configured: the file's when one is named, else a built-in one. Throws ConfigError. */
export function chooseProfile({
  profile,
  profileFile,
}: {
  profile: string;
  profileFile: string | null;
}): SpeechProfile {
  if (profileFile !== null) return profileFrom(profileFile);
  const found = BUILT_IN.find(({ name }) => name === profile);
  if (found) return found;
  const known = BUILT_IN.map(({ name }) => name).join(', ');
  throw new ConfigError([
    `RAPIDAPI_PROFILE must be one of ${known}, or RAPIDAPI_PROFILE_FILE must name the file of ${profile}`,
  ]);
}

function profileFrom(file: string): SpeechProfile {
  const { value, error } = profileSchema.validate(contentOf(file)) as {
    value: SpeechProfile;
    error?: { details: { message: string }[] };
  };
  if (error) throw wrong(error.details.map(({ message }) => message));
  if (value.baseUrl !== undefined && parseSecureOrigin(value.baseUrl) === null) {
    throw wrong(['baseUrl must be an https: origin without a path (http: only on loopback)']);
  }
  return value;
}

function contentOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw wrong([error instanceof SyntaxError ? 'it is not JSON' : 'it can not be read']);
  }
}

const wrong = (problems: string[]) =>
  new ConfigError(problems.map((problem) => `RAPIDAPI_PROFILE_FILE: ${problem}`));
