const shared = {
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.data/', '<rootDir>/.cache/'],
  // jose is published as ES modules only: Node requires those, Jest does not.
  transform: {
    '(\\.ts|/node_modules/jose/.+\\.js)$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } } },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!jose/)'],
};

/** Folders whose tests need no server: `npx jest src/domain` starts at once. */
const UNIT = ['src/domain', 'src/config'];

/** @type {import('jest').Config} */
module.exports = {
  maxWorkers: 2,
  testTimeout: 30_000,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: UNIT.map((folder) => `<rootDir>/${folder}/**/*.test.ts`),
    },
    {
      ...shared,
      displayName: 'integration',
      testMatch: ['<rootDir>/{api,workflows,activities,migrations,src,test}/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', ...UNIT.map((folder) => `<rootDir>/${folder}/`)],
      globalSetup: '<rootDir>/test/support/global-setup.ts',
      globalTeardown: '<rootDir>/test/support/global-teardown.ts',
    },
  ],
};
