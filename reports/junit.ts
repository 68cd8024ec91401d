import type { RunResult } from '../sim/result.ts';
import { reproduceCommand } from './reproduce.ts';
import { LIVENESS } from './verdict-text.ts';
import { attribute, escaped } from './xml.ts';

/**
 * JUnit's XML, as CI servers read it: one suite a run, one test case a promise or expectation. A promise that nothing in the run could
 * break counts as skipped, and so does one that a fault had voided, and liveness with an excuse. One that can't be told is a failure.
 */
export function junitXml(results: readonly RunResult[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="zabsim">',
    ...results.flatMap(suite),
    '</testsuites>',
    '',
  ].join('\n');
}

interface TestCase {
  readonly name: string;
  readonly group: 'promise' | 'expectation';
  readonly failure: string | undefined;
  /** Why it does not count; empty: there is nothing to say about it. */
  readonly skipped: string | undefined;
  /** What is told of one that is none of these. */
  readonly note?: string;
}

function suite(result: RunResult): string[] {
  const cases = [
    ...result.promises.map((promise) => promiseCase(promise, result)),
    ...result.expectations.map(expectationCase),
  ];
  const attributes = [
    attribute('name', `${result.scenario} (seed ${result.seed})`),
    attribute('tests', cases.length),
    attribute('failures', cases.filter(({ failure }) => failure !== undefined).length),
    attribute('errors', 0),
    attribute('skipped', cases.filter(({ skipped }) => skipped !== undefined).length),
    attribute('time', (result.wallMs / 1000).toFixed(3)),
  ];
  return [
    `  <testsuite${attributes.join('')}>`,
    '    <properties>',
    ...properties(result),
    '    </properties>',
    ...cases.flatMap((testCase) => caseLines(testCase, result)),
    '  </testsuite>',
  ];
}

const properties = ({ seed, version, fingerprint, release }: RunResult): string[] =>
  [
    ['seed', seed],
    ['version', version],
    ['fingerprint', fingerprint],
    ...(release === undefined ? [] : [['release', release]]),
  ].map(
    ([name = '', value = '']) => `      <property${attribute('name', name)}${attribute('value', value)}/>`,
  );

function promiseCase(promise: RunResult['promises'][number], { liveness }: RunResult): TestCase {
  const { name, kept, checked, evidence = ['broken'], slice = [], voidedBy, unknown, knownGap } = promise;
  const base = { name, group: 'promise', failure: undefined, skipped: undefined } as const;
  if (voidedBy !== undefined) return { ...base, skipped: `void: ${voidedBy}` };
  if (unknown !== undefined) return { ...base, failure: `unknown: ${unknown}` };
  if (!kept) return { ...base, failure: [...evidence, ...slice].join('\n') };
  if (knownGap !== undefined) return { ...base, note: ['not promised, and missed:', ...knownGap].join('\n') };
  if (name === LIVENESS && liveness.excuse !== undefined) return { ...base, skipped: liveness.excuse };
  return checked === 0 ? { ...base, skipped: '' } : base;
}

const expectationCase = ({ text, met, seen }: RunResult['expectations'][number]): TestCase => ({
  name: text,
  group: 'expectation',
  failure: met ? undefined : `seen instead: ${seen ?? 'nothing'}`,
  skipped: undefined,
});

function caseLines({ name, group, failure, skipped, note }: TestCase, result: RunResult): string[] {
  const head = `    <testcase${attribute('classname', `${result.scenario}.${group}`)}${attribute('name', name)}${attribute('time', 0)}`;
  if (skipped !== undefined)
    return [`${head}><skipped${skipped === '' ? '' : attribute('message', skipped)}/></testcase>`];
  if (note !== undefined) return [`${head}><system-out>${escaped(note)}</system-out></testcase>`];
  if (failure === undefined) return [`${head}/>`];
  const [message = ''] = failure.split('\n');
  return [
    `${head}>`,
    `      <failure${attribute('message', message)}>${escaped(`${failure}\n${reproduceCommand(result)}`)}</failure>`,
    '    </testcase>',
  ];
}
