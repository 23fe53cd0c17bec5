/** The import rules of ARCHITECTURE.md. */
const OURS = '^(api|workflows|activities|src|migrations)/';
const IO =
  '^(node:)?(fs|net|http|https|http2|dns|tls|dgram|child_process|worker_threads|cluster|os|process|readline|stream|v8|vm|zlib)(/|$)';
const IO_PACKAGES =
  'node_modules/(knex|pg|objection|koa|@koa|multer|nodemailer|pino|@temporalio/(client|worker|envconfig|activity))(/|$)';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'workflows-are-deterministic',
      comment:
        'Workflow code runs again on every replay: it imports types, the domain and the SDK, nothing with IO.',
      severity: 'error',
      from: { path: '^workflows/', pathNot: '\\.test\\.ts$' },
      to: {
        pathNot: [
          '^workflows/',
          '^src/domain/',
          '^src/temporal/search-attributes\\.ts$',
          'node_modules/@temporalio/(workflow|common)/',
        ],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'workflows-know-no-provider',
      severity: 'error',
      from: { path: '^workflows/', pathNot: '\\.test\\.ts$' },
      to: { path: ['^src/(providers|db)/', 'node_modules/joi/'] },
    },
    {
      name: 'domain-is-pure',
      comment: 'What the product knows, without a clock, a disk or a network: testable in microseconds.',
      severity: 'error',
      from: { path: '^src/domain/', pathNot: '\\.test\\.ts$' },
      to: { path: [IO, IO_PACKAGES], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'domain-stands-alone',
      severity: 'error',
      from: { path: '^src/domain/', pathNot: '\\.test\\.ts$' },
      to: { path: OURS, pathNot: '^src/domain/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'api-knows-no-provider',
      comment: 'HTTP in, HTTP out; the media store is handed in by the entry point.',
      severity: 'error',
      from: { path: '^api/', pathNot: ['\\.test\\.ts$', '^api/main\\.ts$'] },
      to: { path: '^src/providers/' },
    },
    {
      name: 'activities-know-no-api',
      severity: 'error',
      from: { path: '^activities/' },
      to: { path: '^api/' },
    },
    {
      name: 'src-knows-no-process',
      comment: 'What the processes share does not depend on one of them.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['\\.test\\.ts$', '^src/worker\\.ts$'] },
      to: { path: '^(api|activities)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'not-to-tests',
      severity: 'error',
      from: { path: OURS, pathNot: '\\.test\\.ts$' },
      to: { path: ['^test/', '\\.test\\.ts$'] },
    },
    {
      name: 'google-is-its-calendar',
      comment: 'All of googleapis takes a second and 100 MB to load; its calendar a tenth of that.',
      severity: 'error',
      from: {},
      to: { path: 'node_modules/(google-auth-library|gaxios|googleapis/(?!build/src/apis/calendar/))' },
    },
    {
      name: 'no-unlisted-packages',
      severity: 'error',
      from: { path: OURS, pathNot: '\\.test\\.ts$' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'],
        pathNot: ['\\.json$', 'node_modules/@types/'],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\\.cache|\\.data)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: 'specify',
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['require', 'node', 'default', 'types'],
    },
  },
};
