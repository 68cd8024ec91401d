import type { FuzzReport } from '../../../reports/fuzz/fuzz-report.ts';
import type { Profile } from '../../fuzz/arbitrary/profiles.ts';
import { groupKey, type FailureGroup } from '../../fuzz/campaign.ts';
import type { FuzzOutcome } from '../../fuzz/outcome.ts';
import type { StrategyName } from '../../fuzz/search/strategies.ts';
import type { Shard } from '../../fuzz/shard.ts';
import type { Retried } from './failure-files.ts';

/** Which runs a campaign has, and what they are held against: who goes on with it has to want the same. */
export interface Begun {
  readonly version: string;
  readonly seed: string;
  /** Its name, and what it was when the campaign began: a file may change. */
  readonly profile: string;
  readonly draws: Profile;
  readonly strategy: StrategyName;
  readonly release?: string;
  readonly shard?: Shard;
  readonly asked: FuzzReport['asked'];
}

/** A line of a journal. `ms`: how long the campaign had run by then. */
type Entry =
  | { readonly kind: 'begun'; readonly begun: Begun }
  /** It went on, perhaps for more runs than were asked for before. */
  | { readonly kind: 'resumed'; readonly asked: FuzzReport['asked'] }
  | { readonly kind: 'remembered'; readonly retried: readonly Retried[] }
  | { readonly kind: 'run'; readonly ms: number; readonly outcome: FuzzOutcome }
  | ({ readonly kind: 'saved'; readonly ms: number; readonly file: string } & Pick<
      FailureGroup,
      'promise' | 'shape'
    >);

/** What became of a campaign until it ended or was killed. */
export interface Past {
  readonly begun: Begun;
  /** Undefined: it was killed while it tried them. */
  readonly remembered: readonly Retried[] | undefined;
  /** By the numbers of the runs. */
  readonly outcomes: ReadonlyMap<number, FuzzOutcome>;
  /** Failure files, by group. */
  readonly files: ReadonlyMap<string, string>;
  readonly spentMs: number;
}

/** Writes down what a campaign finds at the moment it finds it, a line each. */
export class Journal {
  readonly #write: (text: string) => void;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  remembered(retried: readonly Retried[]): void {
    this.#append({ kind: 'remembered', retried });
  }

  ended(outcome: FuzzOutcome, ms: number): void {
    this.#append({ kind: 'run', ms: Math.round(ms), outcome });
  }

  saved({ promise, shape }: FailureGroup, file: string, ms: number): void {
    this.#append({ kind: 'saved', ms: Math.round(ms), promise, shape, file });
  }

  #append(entry: Entry): void {
    this.#write(lineOf(entry));
  }
}

const lineOf = (entry: Entry): string => `${JSON.stringify(entry)}\n`;

export const firstLine = (begun: Begun): string => lineOf({ kind: 'begun', begun });

/** What a campaign begins with that goes on where `text` ends, be it in the middle of a line. */
export const nextLine = (text: string, asked: FuzzReport['asked']): string =>
  `${text.endsWith('\n') ? '' : '\n'}${lineOf({ kind: 'resumed', asked })}`;

/** Undefined where it is no journal. What cannot be read was being written when the process died: it is as if it had not happened. */
export function readJournal(text: string): Past | undefined {
  const [first, ...entries] = text.split('\n').flatMap(parsed);
  if (first?.kind !== 'begun') return undefined;
  const { begun } = first;
  let [asked, remembered, spentMs] = [begun.asked, undefined as Past['remembered'], 0];
  const outcomes = new Map<number, FuzzOutcome>();
  const files = new Map<string, string>();
  for (const entry of entries) {
    if (entry.kind === 'resumed') asked = entry.asked;
    if (entry.kind === 'remembered') remembered = entry.retried;
    if (entry.kind === 'run') outcomes.set(entry.outcome.index, entry.outcome);
    if (entry.kind === 'saved') files.set(groupKey(entry), entry.file);
    if ('ms' in entry) spentMs = entry.ms;
  }
  return { begun: { ...begun, asked }, remembered, outcomes, files, spentMs };
}

function parsed(line: string): readonly Entry[] {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null && 'kind' in entry ? [entry as Entry] : [];
  } catch {
    return [];
  }
}
