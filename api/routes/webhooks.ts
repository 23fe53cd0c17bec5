import Joi from 'joi';
import { readBytes } from '../body';
import { AppError, notFound } from '../errors';
import { enterReports, reportsIn } from '../mail-reports';
import { route, type Call } from '../route';
import { requireSignature } from '../webhook-signature';

/** Nothing is read before the signature is right, and nothing is kept but ids, the kind of event and its time. */
async function takeReports({ deps, koa }: Call<object, object, object>) {
  const { webhookPublicKey } = deps.config.mail;
  if (webhookPublicKey === null) throw notFound('webhook');
  const body = await readBytes(koa);
  requireSignature(koa, body, webhookPublicKey);
  await enterReports(deps.db, reportsIn(listIn(body)));
  return { status: 204 };
}

function listIn(body: Buffer): unknown[] {
  const parsed = parse(body.toString('utf8'));
  if (Array.isArray(parsed)) return parsed as unknown[];
  throw new AppError('invalid-body', 'Send a list of events.');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError('malformed-json', 'The body is not JSON.');
  }
}

export const webhookRoutes = [
  route({
    method: 'POST',
    path: '/webhooks/sendgrid',
    operationId: 'takeMailReports',
    tag: 'webhooks',
    summary: 'Takes the reports of SendGrid’s event webhook, signed; each counts once',
    public: true,
    rawBody: { contentType: 'application/json', schema: Joi.array().items(Joi.object().unknown()) },
    responses: { 204: { description: 'Taken' } },
    handler: takeReports,
  }),
];
