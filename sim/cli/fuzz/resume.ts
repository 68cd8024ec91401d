import type { FuzzReport } from '../../../reports/fuzz/fuzz-report.ts';
import { UsageError } from '../errors.ts';
import type { Begun } from './journal.ts';

/** What was given on the command line of that which a campaign is. */
export type Wanted = Partial<Omit<Begun, 'version'>>;

/** The campaign of a journal, to go on with; UsageError where something else is wanted. More runs, or more time, may be. */
export function goOn(begun: Begun, wanted: Wanted, version: string): Begun {
  if (begun.version !== version) throw refusal('version', begun.version, version);
  for (const key of ['seed', 'profile', 'strategy', 'release', 'shard'] as const)
    if (wanted[key] !== undefined && !isSame(wanted[key], begun[key]))
      throw refusal(key, begun[key], wanted[key]);
  if (wanted.draws !== undefined && !isSame(wanted.draws, begun.draws))
    throw new UsageError(`--resume: the profile ${begun.profile} has changed since the campaign began`);
  return wanted.asked === undefined ? begun : { ...begun, asked: extended(begun.asked, wanted.asked) };
}

function extended(before: FuzzReport['asked'], wanted: FuzzReport['asked']): FuzzReport['asked'] {
  const isMore =
    'runs' in before
      ? 'runs' in wanted && wanted.runs >= before.runs
      : 'timeMs' in wanted && wanted.timeMs >= before.timeMs;
  if (!isMore) throw refusal('length', askedText(before), askedText(wanted));
  return wanted;
}

const askedText = (asked: FuzzReport['asked']): string =>
  'runs' in asked ? `--runs ${asked.runs}` : `--time ${asked.timeMs}ms`;

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

const refusal = (what: string, before: unknown, wanted: unknown): UsageError =>
  new UsageError(
    `--resume: the campaign was begun with another ${what}: ${text(before)}, not ${text(wanted)}`,
  );

function text(value: unknown): string {
  if (value === undefined) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
