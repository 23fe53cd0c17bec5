/** Serves the document, and the page of it. */
import Joi from 'joi';
import { isKnown, weakTag } from '../etag';
import { route, type Call, type Reply, type Route } from '../route';
import { describeApi } from './document';
import { FILES, PAGE, POLICY } from './page';

/**
 * The routes and those that tell of them. The document is made here, once, and served from memory.
 * @param signIn - whether callers bring a bearer token
 */
export function withDocument(routes: readonly Route[], signIn: boolean) {
  const told = documentRoute(async ({ koa }) => fixed(koa, written, 'application/json'));
  const list = [...routes, told, ...pageRoutes];
  const document = describeApi(list, signIn);
  const written = Buffer.from(JSON.stringify(document));
  return { list, document };
}

type Handler = Route['handler'];

const described = (description: string, contentType: string | string[]) => ({
  200: { description, contentType, headers: ['ETag' as const] },
  304: { description: 'As in If-None-Match' },
});

const documentRoute = (handler: Handler) =>
  route({
    method: 'GET',
    path: '/openapi.json',
    operationId: 'getOpenApi',
    tag: 'system',
    summary: 'This document',
    public: true,
    headers: ['If-None-Match'],
    responses: described('OpenAPI 3.1', 'application/json'),
    handler,
  });

type FileName = keyof typeof FILES;

const pageRoutes = [
  route({
    method: 'GET',
    path: '/docs',
    operationId: 'getDocs',
    tag: 'system',
    summary: 'This document as a page',
    public: true,
    headers: ['If-None-Match'],
    responses: described('A page for people', 'text/html'),
    handler: async ({ koa }) =>
      fixed(koa, Buffer.from(PAGE), 'text/html', { 'Content-Security-Policy': POLICY }),
  }),
  route({
    method: 'GET',
    path: '/docs/:file',
    operationId: 'getDocsFile',
    tag: 'system',
    summary: 'What that page consists of',
    public: true,
    params: Joi.object<{ file: FileName }>({
      file: Joi.string()
        .valid(...Object.keys(FILES))
        .required(),
    }),
    headers: ['If-None-Match'],
    responses: described('The file', ['text/javascript', 'text/css']),
    handler: async ({ koa, params }) => {
      const { type, content } = FILES[params.file];
      return fixed(koa, await content(), type);
    },
  }),
];

/** May be kept by anybody who asks each time whether it is still the same. */
function fixed(koa: Call<never, never, never>['koa'], content: Buffer, type: string, more = {}): Reply {
  const tag = weakTag(content);
  const headers = { ETag: tag, 'Cache-Control': 'no-cache', ...more };
  if (isKnown(koa, tag)) return { status: 304, headers };
  return { status: 200, headers: { ...headers, 'Content-Type': `${type}; charset=utf-8` }, body: content };
}
