/** The last part of `npm run build`. */
import path from 'node:path';
import { buildWorkflowBundle } from './workflow-bundle';

const dist = path.join(__dirname, '../..');

buildWorkflowBundle(dist, path.join(dist, 'workflow-bundle.js')).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
