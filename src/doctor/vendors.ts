/** Vendors that take a key, each asked for something that is free. */
import type { Config } from '../config';
import { chooseProfile } from '../providers/rapidapi';
import { ask, type Answer } from './ask';
import { refused, unreachable, unusable, works, type Finding } from './finding';

type Gemini = NonNullable<Config['extraction']['gemini']>;
type RapidApi = NonNullable<Config['speech']['rapidApi']>;
type SendGrid = NonNullable<Config['mail']['sendgrid']>;

/** What every vendor means by these; null = see the rest of the answer. */
function common(
  part: Pick<Finding, 'part' | 'configured'>,
  answer: Answer | null,
  [key, address]: [string, string],
) {
  if (answer === null) return unreachable(part, `does not answer: check the network and ${address}`);
  const { status } = answer;
  if (status === 401 || status === 403) return refused(part, `the key is refused (${status}): check ${key}`);
  if (status >= 300 && status < 400)
    return unreachable(part, `somebody else answers (${status}): check ${address}`);
  if (status === 429) return works(part, 'the quota is used up for the moment');
  if (status >= 500) return unreachable(part, `in trouble (${status}): see the status page of the vendor`);
  return null;
}

/** Facts about the model: `GET /v1beta/models/{model}`. */
export async function checkGemini({ apiKey, model, baseUrl }: Gemini): Promise<Finding> {
  const part = { part: 'extractor', configured: `gemini ${model}` };
  const origin = baseUrl ?? 'https://generativelanguage.googleapis.com';
  const answer = await ask(`${origin}/v1beta/models/${encodeURIComponent(model)}`, {
    'x-goog-api-key': apiKey,
  });
  const known = common(part, answer, ['GEMINI_API_KEY', 'GEMINI_BASE_URL']);
  if (known) return known;
  const { status, text } = answer as Answer;
  if (status === 400 && /API_KEY_INVALID|API key/i.test(text)) {
    return refused(part, 'the key is refused (400): check GEMINI_API_KEY');
  }
  if (status === 404 && text.includes('NOT_FOUND')) {
    return unusable(part, 'there is no such model: set GEMINI_MODEL to one that exists');
  }
  return works(part, status < 300 ? '' : `answers ${status}; the key is tried with the first meeting`);
}

/** Its root, which no service serves: the gateway looks at the key first. */
export async function checkRapidApi(settings: RapidApi): Promise<Finding> {
  const { name, host, baseUrl } = chooseProfile(settings);
  const part = { part: 'speech', configured: `rapidapi ${name}` };
  const origin = settings.baseUrl ?? baseUrl ?? `https://${host}`;
  const answer = await ask(`${origin}/`, { 'X-RapidAPI-Key': settings.key, 'X-RapidAPI-Host': host });
  return common(part, answer, ['RAPIDAPI_KEY and the subscription', 'RAPIDAPI_BASE_URL']) ?? works(part);
}

/** The rights of the key: `GET /v3/scopes`. */
export async function checkSendGrid({ apiKey, baseUrl }: SendGrid): Promise<Finding> {
  const part = { part: 'mail', configured: 'sendgrid' };
  const origin = baseUrl ?? 'https://api.sendgrid.com';
  const answer = await ask(`${origin}/v3/scopes`, { Authorization: `Bearer ${apiKey}` });
  const known = common(part, answer, ['SENDGRID_API_KEY', 'SENDGRID_BASE_URL']);
  if (known) return known;
  const { status, text } = answer as Answer;
  if (status === 200 && !text.includes('"mail.send"')) {
    return refused(part, 'the key may not send: give it the right “Mail Send”');
  }
  return works(part, status === 200 ? '' : `answers ${status}; the key is tried with the first mail`);
}
