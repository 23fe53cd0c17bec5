import Joi from 'joi';
import type { Meeting } from '../../src/models/meeting';
import { runUrl } from '../../src/temporal/web-ui';
import { mediaTicket } from '../media-ticket';
import type { Deps } from '../route';
import { orNull } from './shapes';

const link = Joi.string();

export const linksShape = Joi.object({
  self: link,
  events: link,
  run: link,
  media: orNull(link),
  webUi: orNull(link),
}).meta({ title: 'Links' });

export type Links = Record<'media' | 'webUi', string | null> & Record<'self' | 'events' | 'run', string>;

/**
 * Paths on this server, and the run in the Temporal Web UI. `media`, which carries a ticket and may be given to
 * a player for some minutes, is null for ready transcripts.
 */
export async function linksOf(
  { id, mediaKey }: Pick<Meeting, 'id' | 'mediaKey'>,
  { db, config, temporal }: Deps,
): Promise<Links> {
  const { uiUrl } = config.temporal;
  const { namespace } = temporal.options;
  return {
    self: `/meeting/${id}`,
    events: `/meeting/${id}/events`,
    run: `/meeting/${id}/run`,
    media: mediaKey === null ? null : `/meeting/${id}/media?ticket=${await mediaTicket(db, id)}`,
    webUi: runUrl({ uiUrl, namespace }, id),
  };
}
