import Joi from 'joi';
import { plainWords } from './plain-words';

/** Longer than anything a person would say in one breath; a model that writes more has lost the thread. */
const MAX_NAME = 300;
const MAX_QUOTE = 2000;
const MAX_CITATIONS = 30;
const MAX_SHORT = 200;

const words = (max: number) =>
  Joi.string()
    .trim()
    .max(max)
    .custom((said: string, helpers) => plainWords(said) || helpers.error('string.empty'));

/** Empty, or nothing but a link, is the same as not said. */
const spoken = (max: number) =>
  Joi.string()
    .trim()
    .max(max)
    .allow(null, '')
    .default(null)
    .custom((said: string) => plainWords(said) || null);

const evidence = Joi.array()
  .items(
    Joi.object({
      line: Joi.number().integer().required().description('Number of the line, as in [12]'),
      quote: Joi.string().max(MAX_QUOTE).required().description('Words copied from that line, unchanged'),
    }),
  )
  .max(MAX_CITATIONS)
  .default([])
  .description('Where it was said: for a task the promise, and the request before it if there was one');

export const KINDS = ['actionItems', 'decisions', 'questions'] as const;
export type Kind = (typeof KINDS)[number];

/** What an item of each kind must be, by itself: one bad item never spoils the others. */
export const ITEMS: Record<Kind, Joi.ObjectSchema> = {
  actionItems: Joi.object({
    name: words(MAX_NAME).required().description('What will be done, beginning with a verb'),
    owner: spoken(MAX_SHORT).description(
      'Who will do it: the name that was said, or the label of the speaker who promised it; null if nobody',
    ),
    deadline: spoken(MAX_SHORT).description(
      'The words that say by when, copied ("by Friday"); null if none were said',
    ),
    category: spoken(MAX_SHORT).description('One or two words, or null'),
    evidence,
  }),
  decisions: Joi.object({ text: words(MAX_NAME).required().description('What was decided'), evidence }),
  questions: Joi.object({
    text: words(MAX_NAME).required().description('What was asked'),
    status: Joi.string()
      .valid('open', 'answered')
      .required()
      .description('answered only when an answer was given in the meeting'),
    evidence,
  }),
};

/** The whole answer, as the model is asked for it. */
export const ANSWER = Joi.object({
  actionItems: Joi.array().items(ITEMS.actionItems),
  decisions: Joi.array().items(ITEMS.decisions),
  questions: Joi.array().items(ITEMS.questions),
});
