import { attribute, escaped } from '../xml.ts';
import { replayCommand } from '../reproduce.ts';
import { stillFailing, troubled, type FuzzReport } from './fuzz-report.ts';
import { troubleText } from './fuzz-text.ts';

interface TestCase {
  readonly name: string;
  readonly kind?: 'failure' | 'error';
  readonly message?: string;
  readonly text?: string;
}

/**
 * A campaign as one suite: a test case for each promise that was broken, or one that says that none was; one for each run without a verdict and
 * for each remembered failure.
 */
export function fuzzJunit(report: FuzzReport): string {
  const cases = [
    ...promiseCases(report),
    ...report.troubles.map((trouble): TestCase => ({
      name: `run ${trouble.seed}`,
      kind: 'error',
      message: troubleText(trouble),
      text: trouble.reproduce,
    })),
    ...troubled(report).map((one): TestCase => ({
      name: one.file,
      kind: 'error',
      message: troubleText(one),
      text: replayCommand(one.file),
    })),
    ...stillFailing(report).map(({ file, promise, evidence }): TestCase => ({
      name: file,
      kind: 'failure',
      message: `still breaks ${promise}`,
      text: [...evidence, replayCommand(file)].join('\n'),
    })),
  ];
  const count = (kind: TestCase['kind']): number => cases.filter((each) => each.kind === kind).length;
  const suite = [
    attribute('name', `zabsim fuzz (seed ${report.seed}, ${report.runs} runs)`),
    attribute('tests', cases.length),
    attribute('failures', count('failure')),
    attribute('errors', count('error')),
    attribute('time', report.seconds.toFixed(3)),
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="zabsim">',
    `  <testsuite${suite.join('')}>`,
    ...cases.flatMap(caseLines),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

/** One promise may be broken in several ways: all are told in its test case. */
function promiseCases({ failures }: FuzzReport): TestCase[] {
  if (failures.length === 0) return [{ name: 'every promise kept' }];
  return [...new Set(failures.map(({ promise }) => promise))].map((name) => {
    const found = failures.filter(({ promise }) => promise === name);
    return {
      name,
      kind: 'failure',
      message: found[0]?.evidence[0] ?? 'broken',
      text: found.flatMap(({ evidence, reproduce }) => [...evidence, reproduce]).join('\n'),
    };
  });
}

function caseLines({ name, kind, message = '', text = '' }: TestCase): string[] {
  const head = `    <testcase${attribute('classname', 'zabsim.fuzz')}${attribute('name', name)}${attribute('time', 0)}`;
  if (kind === undefined) return [`${head}/>`];
  return [
    `${head}>`,
    `      <${kind}${attribute('message', message)}>${escaped(text)}</${kind}>`,
    '    </testcase>',
  ];
}
