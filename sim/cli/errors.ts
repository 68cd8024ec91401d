import type { Problem } from '../../scenarios/problem.ts';

/**
 * The two kinds of wrong that end at the command line: a caller's mistake, told with what was expected and where, and our own
 * bug, told with all that is needed to reproduce it. (A broken promise of ZooKeeper is a result, not an error.)
 */

/** A mistake on the command line itself. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Scenarios that can't be read. */
export class BadInput extends Error {
  override readonly name = 'BadInput';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super('a scenario cannot be read');
    this.problems = problems;
  }
}

/** Something of ours threw: an assertion, or worse. */
export class OwnBug extends Error {
  override readonly name = 'OwnBug';
  /** The run in the middle of which it happened, if it was in one. */
  readonly run: { readonly reproduce: string; readonly seed: string; readonly atMs: number } | undefined;

  constructor(cause: unknown, run?: OwnBug['run']) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.run = run;
  }
}

/** `first.yaml:12:7: error: unknown server`, and below it what was expected and the nearest right word. */
export function problemText(problem: Problem, kind: 'error' | 'warning'): string {
  const { file, line, column, message, expected, suggestion } = problem;
  const where = line > 0 ? `${file}:${String(line)}:${String(column)}` : file;
  const lines = [
    `${where}: ${kind}: ${message}`,
    ...(expected === '' ? [] : [`  expected: ${expected}`]),
    ...(suggestion === undefined ? [] : [`  did you mean ${suggestion}?`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** What sim/simulation.ts adds to an assertion failure. */
interface FailureDetails {
  readonly atMs: number;
  readonly lastEvents: readonly string[];
}

export function ownBugText({ cause, message, run }: OwnBug, version: string): string {
  const details = detailsOf(cause);
  const lines = [
    'Zabsim failed an assertion of its own. This is a defect of Zabsim, not of ZooKeeper: please report it with this text.',
    `  ${message}`,
    ...(run === undefined
      ? []
      : [`  seed ${run.seed}, virtual time ${String(details?.atMs ?? run.atMs)} ms`]),
    `  zabsim ${version}, node ${process.version}`,
    ...lastEvents(details),
    ...stack(cause),
    ...(run === undefined ? [] : [run.reproduce]),
  ];
  return `${lines.join('\n')}\n`;
}

function lastEvents(details: FailureDetails | undefined): string[] {
  if (details === undefined || details.lastEvents.length === 0) return [];
  return ['last events:', ...details.lastEvents.map((line) => `  ${line}`)];
}

function stack(cause: unknown): string[] {
  const innermost = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const frames = innermost instanceof Error ? (innermost.stack ?? '').split('\n') : [];
  const places = frames.filter((frame) => frame.trimStart().startsWith('at '));
  return places.length === 0 ? [] : ['where:', ...places.slice(0, 8)];
}

function detailsOf(cause: unknown): FailureDetails | undefined {
  if (!(cause instanceof Error) || !('atMs' in cause) || !('lastEvents' in cause)) return undefined;
  const { atMs, lastEvents: events } = cause;
  if (typeof atMs !== 'number' || !Array.isArray(events)) return undefined;
  return { atMs, lastEvents: events.map(String) };
}
