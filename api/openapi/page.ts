/** A page to read the document and try it out: swagger-ui, from our own disk, without a foreign address. */
import { readFile } from 'node:fs/promises';

export const PAGE = `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <meta name="viewport" content="width=device-width" />
  <title>Meeting pipeline: API</title>
  <link rel="icon" href="data:," />
  <link rel="stylesheet" href="/docs/swagger-ui.css" />
  <div id="docs"></div>
  <script src="/docs/swagger-ui-bundle.js"></script>
  <script src="/docs/start.js"></script>
</html>
`;

/** `validatorUrl`: its default is a public service, which would be told of every reader. */
const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null });\n`;

/** Nothing is run but the two scripts, which talk to this server alone. */
export const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  'img-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** All that there is: nothing else is read from the disk. */
export const FILES = {
  'start.js': { type: 'text/javascript', content: async () => Buffer.from(START) },
  'swagger-ui-bundle.js': {
    type: 'text/javascript',
    content: () => readFile(require.resolve('swagger-ui-dist/swagger-ui-bundle.js')),
  },
  'swagger-ui.css': {
    type: 'text/css',
    content: () => readFile(require.resolve('swagger-ui-dist/swagger-ui.css')),
  },
};
