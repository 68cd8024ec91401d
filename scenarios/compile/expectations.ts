import { ErrorCode } from '../../protocol/errors.ts';
import { nearestWord } from '../../protocol/nearest-word.ts';
import { isPromise, PROMISES } from '../../sim/checkers/promise-names.ts';
import { FOR_EVER } from '../../sim/plan-defaults.ts';
import type { Expectation } from '../../sim/plan.ts';
import type { WrittenExpectation } from '../schema/expectations.ts';
import type { Path } from '../yaml-source.ts';
import { readEventType, readFields } from './events.ts';
import type { ExpectationPlan } from './expectation-plan.ts';
import { expectationText } from './expectation-text.ts';
import { listOf, NOBODY, type Names } from './names.ts';
import { OPERATION_NAMES } from './operation-names.ts';
import type { Report } from './report.ts';

/** The `expect:` of a scenario. Times count from the start of the run; without a window the whole run counts. */
export function compileExpectations(
  written: readonly WrittenExpectation[],
  names: Names,
  report: Report,
): Expectation[] {
  return written.map((expectation, index) => {
    const path = ['expect', index];
    const plan = compile(expectation, path, names, report);
    const text = expectation.text ?? expectationText(plan, names.nameOf);
    return { ...plan, text, source: report.source.source(path) };
  });
}

function compile(written: WrittenExpectation, path: Path, names: Names, report: Report): ExpectationPlan {
  if ('leader' in written) {
    const server =
      written.leader === 'any' ? undefined : readServer(written.leader, [...path, 'leader'], names, report);
    return { kind: 'leader', server, ...windowAndCount(written, path, report) };
  }
  if ('event' in written) return compileEvent(written, path, names, report);
  if ('answers' in written) return compileAnswers(written, path, names, report);
  if ('watch' in written) {
    return {
      kind: 'watch',
      client: readClient(written.client, path, names, report),
      eventType: written.watch === 'any' ? undefined : written.watch,
      path: written.path,
      ...windowAndCount(written, path, report),
    };
  }
  if ('session' in written) {
    const client = readClient(written.client, path, names, report) ?? written.client;
    return { kind: 'session', client, state: written.session, ...windowAndCount(written, path, report) };
  }
  if ('znode' in written) return compileZnode(written, path, report);
  if ('promise' in written) return compilePromise(written, path, report);
  if ('live' in written) return { kind: 'live', live: written.live };
  return {
    kind: 'state',
    server: readServer(written.server, [...path, 'server'], names, report),
    state: written.state,
  };
}

type WrittenEvent = Extract<WrittenExpectation, { event: string }>;
type WrittenAnswers = Extract<WrittenExpectation, { answers: string }>;
type WrittenPromise = Extract<WrittenExpectation, { promise: string }>;
type WrittenZnode = Extract<WrittenExpectation, { znode: string }>;

const readServer = (
  word: string | number,
  path: Path,
  names: Names,
  report: Report,
): ReturnType<Names['sidOf']> & number => names.readServer(word, path, report) ?? NOBODY;

function readClient(word: string | undefined, path: Path, names: Names, report: Report): string | undefined {
  return word === undefined ? undefined : names.readClient(word, [...path, 'client'], report);
}

function compileEvent(written: WrittenEvent, path: Path, names: Names, report: Report): ExpectationPlan {
  const event = readEventType(written.event, [...path, 'event'], report);
  return {
    kind: 'event',
    event: event ?? 'committed',
    fields: event === undefined ? {} : readFields(event, written.with, [...path, 'with'], names, report),
    server: written.on === undefined ? undefined : readServer(written.on, [...path, 'on'], names, report),
    ...windowAndCount(written, path, report),
  };
}

const RESULTS: readonly string[] = [
  'ok',
  'failed',
  'unknown',
  ...Object.keys(ErrorCode).filter((name) => name !== 'OK'),
];

function compileAnswers(written: WrittenAnswers, path: Path, names: Names, report: Report): ExpectationPlan {
  if (!RESULTS.includes(written.answers)) {
    const message = `\`${written.answers}\` is no kind of answer`;
    const suggestion = nearestWord(written.answers, RESULTS);
    report.problem([...path, 'answers'], message, listOf(RESULTS), suggestion);
  }
  const words = written.to === undefined ? ['all' as const] : [written.to].flat();
  return {
    kind: 'answers',
    client: readClient(written.client, path, names, report),
    ops: [...new Set(words.flatMap((word) => OPERATION_NAMES[word]))],
    result: written.answers,
    ...windowAndCount(written, path, report),
  };
}

function compileZnode(written: WrittenZnode, path: Path, report: Report): ExpectationPlan {
  const { znode, exists = true, data, children } = written;
  if (!exists && (data !== undefined || children !== undefined)) {
    report.keyProblem(
      [...path, 'exists'],
      'a znode that is not there has nothing in it',
      'no `data`, no `children`',
    );
  }
  return { kind: 'znode', path: znode, exists, data, children };
}

function compilePromise(written: WrittenPromise, path: Path, report: Report): ExpectationPlan {
  const { promise, is } = written;
  if (!isPromise(promise)) {
    const message = `there is no promise \`${promise}\``;
    report.problem([...path, 'promise'], message, listOf(PROMISES), nearestWord(promise, PROMISES));
  }
  return { kind: 'promise', promise, is };
}

interface WrittenWindow {
  readonly from?: number | undefined;
  readonly until?: number | undefined;
  readonly times?: number | undefined;
  readonly atLeast?: number | undefined;
  readonly atMost?: number | undefined;
}

function windowAndCount(
  written: WrittenWindow,
  path: Path,
  report: Report,
): { fromMs: number; untilMs: number; min: number; max: number } {
  const { times, atMost } = written;
  const fromMs = written.from ?? 0;
  const untilMs = written.until ?? FOR_EVER;
  if (untilMs <= fromMs)
    report.problem([...path, 'until'], 'it ends before it begins', 'a time after `from`');
  const min = times ?? written.atLeast ?? (atMost === undefined ? 1 : 0);
  const max = times ?? atMost ?? FOR_EVER;
  if (times !== undefined && (written.atLeast !== undefined || atMost !== undefined)) {
    report.keyProblem(
      [...path, 'times'],
      '`times` does not go with `atLeast` or `atMost`',
      'one or the other',
    );
  } else if (min > max) {
    report.problem([...path, 'atMost'], 'it is below `atLeast`', `${String(min)} or more`);
  } else if (min === 0 && max === FOR_EVER) {
    report.problem([...path, 'atLeast'], 'that is always so', '1 or more, or `times: 0`');
  }
  return { fromMs, untilMs, min, max };
}
