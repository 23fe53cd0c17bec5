/** First part of `npm run build`: what an earlier build made of sources that are gone would be found before what is new. */
const { existsSync, readdirSync, rmSync } = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
const dist = path.join(root, 'dist');

for (const file of existsSync(dist) ? readdirSync(dist, { recursive: true }) : []) {
  const source = file.replace(/\.js(\.map)?$/, '.ts');
  const isBuilt = source !== file && file.includes(path.sep);
  if (isBuilt && !existsSync(path.join(root, source))) rmSync(path.join(dist, file));
}
