import type { Values } from './providers';

/** What the RapidAPI adapter is made of; null = it was not chosen. Its profile is read where the adapter is made. */
export function rapidApiConfig(provider: string, values: Values) {
  if (provider !== 'rapidapi') return null;
  return {
    key: values.RAPIDAPI_KEY as string,
    profile: values.RAPIDAPI_PROFILE as string,
    profileFile: (values.RAPIDAPI_PROFILE_FILE as string | undefined) ?? null,
    baseUrl: (values.RAPIDAPI_BASE_URL as string | undefined) ?? null,
  };
}
