import Joi from 'joi';
import { readiness } from '../readiness';
import { route } from '../route';

const check = Joi.object({ status: Joi.string().valid('ok', 'down'), detail: Joi.string().allow(null) });

const readinessShape = Joi.object({
  status: Joi.string().valid('ok', 'degraded', 'down'),
  checks: Joi.object({ postgres: check, temporal: check, searchAttributes: check, mediaStore: check }),
  facts: Joi.object().pattern(Joi.string(), Joi.string()),
}).meta({ title: 'Readiness' });

export const healthRoutes = [
  route({
    method: 'GET',
    path: '/livez',
    operationId: 'getLiveness',
    tag: 'system',
    summary: 'The process is alive',
    public: true,
    responses: { 200: { description: 'Alive', schema: Joi.object({ status: Joi.string().valid('ok') }) } },
    handler: () => Promise.resolve({ status: 200, body: { status: 'ok' } }),
  }),
  route({
    method: 'GET',
    path: '/readyz',
    operationId: 'getReadiness',
    tag: 'system',
    summary: 'Whether requests can be served; degraded = uploads are taken but not worked on',
    public: true,
    responses: {
      200: { description: 'Ready, perhaps degraded', schema: readinessShape },
      503: { description: 'Postgres or the media store is away', schema: readinessShape },
    },
    handler: async ({ deps }) => {
      const body = await readiness(deps);
      return { status: body.status === 'down' ? 503 : 200, body };
    },
  }),
];
