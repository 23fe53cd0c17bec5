import tseslint from 'typescript-eslint';

const counted = { skipBlankLines: true, skipComments: true };

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.data/', '.cache/', '**/*.cjs', '**/*.mjs'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'max-lines': ['error', { max: 250 }],
      'max-lines-per-function': ['error', { max: 60, ...counted }],
      complexity: ['error', 12],
      'no-console': 'error',
      eqeqeq: 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'The environment is read by src/config alone.' },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Interfaces are written with methods; none of ours uses `this` of another object.
      '@typescript-eslint/unbound-method': 'off',
      // knex and Objection queries, and test callbacks, are awaitable without being promises.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
    },
  },
  {
    // What people read in a terminal.
    files: [
      'src/embedded/main.ts',
      'src/demo/**',
      'src/doctor/main.ts',
      'test/**',
      '**/*.test.ts',
      'src/temporal/build-workflow-bundle.ts',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    // Where the environment enters, and where it is handed on to programs that are not ours.
    files: [
      'src/config/load-env-file.ts',
      'src/tools/program.ts',
      'src/providers/local/speech/child.ts',
      'src/demo/stack.ts',
      'test/**',
      '**/*.test.ts',
    ],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    // A migration is one statement after the other, in SQL: splitting the function would tell nothing.
    files: ['migrations/**'],
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    // A describe block is a chapter, not a function; answers of a server are read as they come.
    files: ['**/*.test.ts', 'test/support/**', 'test/histories/**', 'test/chaos/**'],
    rules: {
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
