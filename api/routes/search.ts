import Joi from 'joi';
import { speakerName } from '../../src/domain/plain-transcript';
import { presentPage } from '../paging';
import { count, listOf, orNull, string, uuid } from '../present/shapes';
import { route, type Call } from '../route';
import { pageQuery, words } from '../schemas';
import { search, type Found, type SearchQuery } from '../search';

const foundShape = Joi.object({
  kind: Joi.string().valid('segment', 'task', 'decision', 'question'),
  id: uuid,
  meetingId: orNull(uuid),
  meetingTitle: orNull(string),
  speaker: orNull(string),
  startMs: orNull(count),
  text: string,
}).meta({ title: 'Found' });

const present = ({ kind, id, meetingId, meetingTitle, speaker, startMs, text, names }: Found) => ({
  kind,
  id,
  meetingId,
  meetingTitle,
  speaker: speakerName(speaker, names ?? {}),
  startMs,
  text,
});

export const searchRoutes = [
  route({
    method: 'GET',
    path: '/search',
    operationId: 'search',
    tag: 'search',
    summary: 'Finds words in transcripts, tasks, decisions and questions, newest meetings first',
    query: Joi.object<SearchQuery>({ ...pageQuery, q: words(200).required() }),
    responses: { 200: { description: 'A page of what was found', schema: listOf(foundShape) } },
    async handler({ deps, caller, query }: Call<object, SearchQuery, object>) {
      return { status: 200, body: presentPage(await search(deps.db, caller, query), present) };
    },
  }),
];
