import Joi from 'joi';
import type { Evidence } from '../../src/domain/meeting';
import { speakerName, type SpeakerNames } from '../../src/domain/plain-transcript';
import { count, orNull, string, uuid } from './shapes';

export const evidenceShape = Joi.object({
  segmentId: uuid,
  startMs: orNull(count),
  endMs: orNull(count),
  speaker: orNull(string),
  quote: string,
}).meta({ title: 'Evidence' });

export const presentEvidence = (evidence: Evidence[], names: SpeakerNames) =>
  evidence.map(({ segmentId, startMs, endMs, speaker, quote }) => ({
    segmentId,
    startMs,
    endMs,
    speaker: speakerName(speaker, names),
    quote,
  }));
