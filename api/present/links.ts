import Joi from 'joi';
import type { Meeting } from '../../src/models/meeting';
import { pipelineId } from '../../workflows/messages';
import type { Deps } from '../route';
import { orNull } from './shapes';

const link = Joi.string();

export const linksShape = Joi.object({
  self: link,
  events: orNull(link),
  run: orNull(link),
  media: orNull(link),
  webUi: orNull(link),
}).meta({ title: 'Links' });

export type Links = Record<'events' | 'run' | 'media' | 'webUi', string | null> & { self: string };

/**
 * Paths on this server, and the run in the Temporal Web UI. `events` and `run` are null until those are served;
 * `media` is null for ready transcripts.
 */
export function linksOf(
  { id, mediaKey }: Pick<Meeting, 'id' | 'mediaKey'>,
  { config, temporal }: Deps,
): Links {
  const { uiUrl } = config.temporal;
  const { namespace } = temporal.options;
  return {
    self: `/meeting/${id}`,
    events: null,
    run: null,
    media: mediaKey === null ? null : `/meeting/${id}/media`,
    webUi: uiUrl && `${uiUrl.replace(/\/$/, '')}/namespaces/${namespace}/workflows/${pipelineId(id)}`,
  };
}
