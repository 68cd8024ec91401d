import type { RunResult } from '../sim/result.ts';
import type { Palette } from './colours.ts';
import { printable, wrap } from './display-width.ts';
import { counted, duration, grouped } from './numbers.ts';
import { campaignCommand, reproduceCommand } from './reproduce.ts';
import { BROKEN, KEPT } from './verdict-text.ts';

/** Many seeds of one scenario, added up. */
const SEEDS_NAMED = 10;

/** What is wrong with a run that is not green. */
type Red = 'broken' | 'unknown' | 'failed';

export class Campaign {
  readonly scenario: string;
  /** As it was asked for: `1..500`. */
  readonly seeds: string;
  readonly #planned: number;
  readonly #red: Readonly<Record<Red, string[]>> = { broken: [], unknown: [], failed: [] };
  #release: string | undefined;
  #runs = 0;
  #events = 0;
  #virtualMs = 0;
  #wallMs = 0;

  constructor(scenario: string, seeds: string, planned: number) {
    this.scenario = scenario;
    this.seeds = seeds;
    this.#planned = planned;
  }

  get redRuns(): number {
    return Object.values(this.#red).reduce((sum, seeds) => sum + seeds.length, 0);
  }

  count(result: RunResult): void {
    const { seed, events, virtualMs, wallMs } = result;
    this.#runs += 1;
    this.#events += events;
    this.#virtualMs += virtualMs;
    this.#wallMs += wallMs;
    this.#release = result.release;
    const red = rednessOf(result);
    if (red !== undefined) this.#red[red].push(seed);
  }

  /** One line, wrapped, and the command that runs it again: the first red seed, or else all of them. */
  summary(width: number, palette: Palette): string[] {
    const isGreen = this.redRuns === 0;
    const [mark, colour] = isGreen ? [KEPT, palette.good] : [BROKEN, palette.bad];
    const sentence = `${mark} ${printable(this.scenario)}: ${this.#amount()}: ${this.#verdict()} ${this.#cost()}`;
    return [...wrap(sentence, width).map(colour), palette.strong(this.#reproduce())];
  }

  #amount(): string {
    if (this.#runs === this.#planned) return `${counted(this.#runs, 'seed')} (${this.seeds})`;
    return `${grouped(this.#runs)} of ${counted(this.#planned, 'seed')} (${this.seeds}), then stopped`;
  }

  #verdict(): string {
    if (this.#runs === 0) return 'nothing is proven.';
    if (this.redRuns === 0) return 'every promise was kept and every expectation met in each run.';
    const { broken, unknown, failed } = this.#red;
    const red = [
      ...named(broken, 'broke a promise'),
      ...named(unknown, 'left a promise unknown'),
      ...named(failed, 'missed an expectation'),
    ];
    return `${red.join('; ')}; the other ${grouped(this.#runs - this.redRuns)} are green.`;
  }

  #cost(): string {
    return `${counted(this.#events, 'event')}, ${duration(this.#virtualMs)} of virtual time in ${duration(this.#wallMs)}.`;
  }

  #reproduce(): string {
    const { broken, unknown, failed } = this.#red;
    const [seed] = [...broken, ...unknown, ...failed];
    const run = { scenario: this.scenario, release: this.#release };
    return seed === undefined ? campaignCommand(run, this.seeds) : reproduceCommand({ ...run, seed });
  }
}

function rednessOf({ verdict, promises }: RunResult): Red | undefined {
  if (verdict === 'kept') return undefined;
  return verdict === 'failed' && promises.some(({ unknown }) => unknown !== undefined) ? 'unknown' : verdict;
}

function named(seeds: readonly string[], what: string): string[] {
  if (seeds.length === 0) return [];
  const more = seeds.length > SEEDS_NAMED ? ', …' : '';
  return [`${grouped(seeds.length)} ${what} (seeds ${seeds.slice(0, SEEDS_NAMED).join(', ')}${more})`];
}
