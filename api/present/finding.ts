import Joi from 'joi';
import type { SpeakerNames } from '../../src/domain/plain-transcript';
import type { Decision } from '../../src/models/decision';
import type { Question } from '../../src/models/question';
import { evidenceShape, presentEvidence } from './evidence';
import { string, uuid } from './shapes';

const fields = {
  id: uuid,
  text: string,
  needsReview: Joi.boolean(),
  evidence: Joi.array().items(evidenceShape),
};

export const decisionShape = Joi.object(fields).meta({ title: 'Decision' });

export const questionShape = Joi.object({
  ...fields,
  status: Joi.string().valid('open', 'answered'),
}).meta({ title: 'Question' });

export const presentDecision = (
  { id, text, needsReview, evidence }: Pick<Decision, 'id' | 'text' | 'needsReview' | 'evidence'>,
  names: SpeakerNames,
) => ({ id, text, needsReview, evidence: presentEvidence(evidence, names) });

export const presentQuestion = (question: Question, names: SpeakerNames) => ({
  ...presentDecision(question, names),
  status: question.status,
});
