import tseslint from 'typescript-eslint';

/**
 * The determinism rules (law 6) are the reason for this file: inside the simulated world nothing may read the real clock, chance, the
 * process or an order that the engine chooses.
 */
const WORLD = ['protocol/**/*.ts', 'sim/**/*.ts', 'scenarios/**/*.ts'];
const EDGE = ['sim/cli/**', 'sim/entry/**', 'sim/gateway/**', 'sim/pool/**'];

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'coverage/', '.zabsim/'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/class-literal-property-style': 'off',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      eqeqeq: 'error',
    },
  },
  {
    files: WORLD,
    ignores: EDGE,
    rules: {
      'no-restricted-globals': [
        'error',
        ...[
          'Date',
          'performance',
          'process',
          'crypto',
          'Intl',
          'fetch',
          'setTimeout',
          'setInterval',
          'setImmediate',
          'queueMicrotask',
          'console',
        ],
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Draw from a named stream.' },
        { property: 'localeCompare', message: 'Locale dependent: compare with < and >.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'ForInStatement', message: 'Key order is not an order: iterate an array or a Map.' },
        {
          selector: "CallExpression[callee.property.name='sort'][arguments.length=0]",
          message: 'sort() needs a total comparator.',
        },
        {
          selector: "CallExpression[callee.property.name='toSorted'][arguments.length=0]",
          message: 'toSorted() needs a total comparator.',
        },
        {
          selector: 'Program > VariableDeclaration[kind="let"]',
          message: 'No module state: two runs in one process must not meet.',
        },
        { selector: ':function[async=true]', message: 'No async inside the simulated world (law 2).' },
        { selector: 'AwaitExpression', message: 'No await inside the simulated world (law 2).' },
        { selector: 'CallExpression[callee.property.name=/^toLocale/]', message: 'Locale dependent.' },
      ],
    },
  },
  {
    files: ['vitest.config.ts', 'eslint.config.js'],
    rules: { 'no-restricted-exports': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
);
