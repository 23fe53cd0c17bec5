import { route } from '../route';

export const metricsRoutes = [
  route({
    method: 'GET',
    path: '/metrics',
    operationId: 'getMetrics',
    tag: 'system',
    summary: 'Counts and gauges for Prometheus; admins only',
    admins: true,
    responses: { 200: { description: 'The text format of Prometheus', contentType: 'text/plain' } },
    handler: async ({ deps: { metrics } }) => ({
      status: 200,
      headers: { 'Content-Type': metrics.contentType },
      body: await metrics.scrape(),
    }),
  }),
];
