/** The house's import rules (design §1): reports → scenarios → sim → protocol, the command line on top. */
const only = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    only(
      'no-cycles',
      'Files that need each other are one idea.',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    only(
      'protocol-knows-nobody',
      'The protocol knows no simulator.',
      { path: '^protocol/' },
      { path: '^(sim|scenarios|reports|test)/' },
    ),
    only(
      'sim-knows-protocol-only',
      'The world is below scenarios and reports.',
      { path: '^sim/', pathNot: '^sim/(cli|entry)/' },
      { path: '^(scenarios|reports|test)/' },
    ),
    only(
      'scenarios-below-reports',
      'Scenarios know the world, not how it is shown.',
      { path: '^scenarios/' },
      { path: '^(reports|test)/' },
    ),
    only(
      'nobody-imports-the-command-line',
      'It is the top.',
      { pathNot: '^(sim/cli|test)/' },
      { path: '^sim/cli/' },
    ),
    only(
      'nobody-imports-the-entries',
      'They are for other programs.',
      { pathNot: '^(sim/entry|test)/' },
      { path: '^sim/entry/' },
    ),
    only(
      'leader-meets-learner-in-packets',
      'They share packets, nothing else.',
      { path: '^protocol/leader/' },
      { path: '^protocol/learner/' },
    ),
    only(
      'learner-meets-leader-in-packets',
      'They share packets, nothing else.',
      { path: '^protocol/learner/' },
      { path: '^protocol/leader/' },
    ),
    only(
      'seedrandom-in-one-place',
      'Chance has one source.',
      { pathNot: '^sim/random\\.ts$' },
      { path: 'node_modules/seedrandom' },
    ),
    only(
      'chalk-in-reports',
      'Colour is for people.',
      { pathNot: '^reports/' },
      { path: 'node_modules/chalk' },
    ),
    only(
      'fast-check-in-fuzz-and-tests',
      'Generation is not simulation.',
      { pathNot: '^(sim/fuzz|test)/' },
      { path: 'node_modules/fast-check' },
    ),
    only(
      'zod-and-yaml-in-scenarios',
      'Only the loader reads files.',
      { pathNot: '^(scenarios|test)/' },
      { path: 'node_modules/(zod|yaml)/' },
    ),
    only(
      'node-modules-at-the-edge',
      "Node's own modules only at the edge.",
      { path: '^(protocol|sim|reports)/', pathNot: '^sim/(cli|entry|gateway|pool)/' },
      { dependencyTypes: ['core'] },
    ),
    only(
      'checkers-know-no-internals',
      'Checkers read the trace.',
      { path: '^sim/checkers/' },
      { path: '^protocol/(election|leader|learner|processors|server|client)/' },
    ),
    only(
      'vitest-in-its-entry',
      'Whoever imports that has it.',
      { pathNot: '^(sim/entry/vitest\\.ts$|test/|vitest\\.config)' },
      { path: 'node_modules/vitest' },
    ),
    only(
      'no-dev-dependencies',
      'What ships may not need a dev dependency.',
      { path: '^(protocol|sim|scenarios|reports)/', pathNot: '^sim/entry/vitest\\.ts$' },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'] },
  },
};
