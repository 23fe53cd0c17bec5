import Joi from 'joi';
import type { ProviderError } from '../../provider-error';
import { badResponse, blocked, empty, tooLong } from './problems';

/** The parts of the vendor's envelope that we read; everything else may come and change. */
const ENVELOPE = Joi.object({
  candidates: Joi.array().items(
    Joi.object({
      finishReason: Joi.string().allow(null),
      content: Joi.object({
        parts: Joi.array().items(Joi.object({ text: Joi.string().allow(''), thought: Joi.boolean() })),
      }).allow(null),
    }),
  ),
  promptFeedback: Joi.object({ blockReason: Joi.string().allow(null, '') }).allow(null),
  usageMetadata: Joi.object({
    promptTokenCount: Joi.number().min(0),
    candidatesTokenCount: Joi.number().min(0),
    thoughtsTokenCount: Joi.number().min(0),
  }).allow(null),
}).required();

interface Envelope {
  candidates?: {
    finishReason?: string | null;
    content?: { parts?: { text?: string; thought?: boolean }[] } | null;
  }[];
  promptFeedback?: { blockReason?: string | null } | null;
  usageMetadata?: Record<
    'promptTokenCount' | 'candidatesTokenCount' | 'thoughtsTokenCount',
    number | undefined
  > | null;
}

/** What came of one call. `refused` = not this text, not with this model; `too-…` = ask for less at once. */
export type Reply =
  | { kind: 'text'; text: string }
  | { kind: 'recitation' }
  | { kind: 'refused' | 'too-long' | 'too-slow'; problem: ProviderError };

export interface Tokens {
  input: number;
  output: number;
}

const BLOCKED = ['SAFETY', 'PROHIBITED_CONTENT', 'SPII', 'BLOCKLIST', 'LANGUAGE', 'IMAGE_SAFETY'];

/** The vendor's word, when it looks like one. */
const wordOf = (reason: string): string => (/^[A-Z_]{1,40}$/.test(reason) ? reason : 'unknown reason');

/** Thoughts are paid as output and are no part of the answer. */
function tokensOf({ usageMetadata: usage }: Envelope): Tokens | null {
  if (!usage) return null;
  return {
    input: usage.promptTokenCount ?? 0,
    output: (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
  };
}

type Candidate = NonNullable<Envelope['candidates']>[number];

function textOf(candidate: Candidate | undefined): string {
  const parts = candidate?.content?.parts ?? [];
  return parts.flatMap((part) => (part.thought ? [] : (part.text ?? ''))).join('');
}

/** The reason comes first: what stands in a stopped answer is at best half of one. Unknown reasons are tolerated. */
function replyOf({ candidates, promptFeedback }: Envelope): Reply {
  const candidate = candidates?.[0];
  const reason = candidate?.finishReason ?? 'STOP';
  if (promptFeedback?.blockReason)
    return { kind: 'refused', problem: blocked(wordOf(promptFeedback.blockReason)) };
  if (BLOCKED.includes(reason)) return { kind: 'refused', problem: blocked(reason) };
  if (reason === 'MAX_TOKENS') return { kind: 'too-long', problem: tooLong() };
  if (reason === 'RECITATION') return { kind: 'recitation' };
  const text = textOf(candidate);
  return text.trim() === '' ? { kind: 'refused', problem: empty() } : { kind: 'text', text };
}

/**
 * Reads the vendor's envelope.
 * @throws ProviderError `bad-response` when it is none
 */
export function readReply(envelope: unknown): { reply: Reply; tokens: Tokens | null } {
  const checked = ENVELOPE.validate(envelope, { stripUnknown: true });
  if (checked.error) throw badResponse('in a form that is not its own');
  const value = checked.value as Envelope;
  return { reply: replyOf(value), tokens: tokensOf(value) };
}
