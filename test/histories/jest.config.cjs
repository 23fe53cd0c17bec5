/** `npm run histories`: not part of `npm test`, which replays what this records. */
const path = require('node:path');
const { projects } = require('../../jest.config.cjs');

const rootDir = path.join(__dirname, '../..');
const integration = projects.find(({ displayName }) => displayName === 'integration');

/** @type {import('jest').Config} */
module.exports = {
  ...integration,
  displayName: 'histories',
  rootDir,
  testMatch: ['<rootDir>/test/histories/record.ts'],
};
