/** `npm run openapi`: writes the snapshot that is in the repository, of a server where people sign in. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../src/project-root';
import { routes } from '../routes';
import { withDocument } from './routes';

writeFileSync(
  path.join(projectRoot, 'docs/openapi.json'),
  `${JSON.stringify(withDocument(routes, true).document, null, 2)}\n`,
);
