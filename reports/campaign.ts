import type { RunResult } from '../sim/result.ts';
import type { Palette } from './colours.ts';
import { printable, wrap } from './display-width.ts';
import { counted, duration, grouped } from './numbers.ts';
import { campaignCommand, reproduceCommand } from './reproduce.ts';
import { BROKEN, KEPT } from './verdict-text.ts';

/** Many seeds of one scenario, added up. */
const SEEDS_NAMED = 10;

export class Campaign {
  readonly scenario: string;
  /** As it was asked for: `1..500`. */
  readonly seeds: string;
  readonly #planned: number;
  readonly #red = new Map<'broken' | 'failed', string[]>([
    ['broken', []],
    ['failed', []],
  ]);
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
    return [...this.#red.values()].reduce((sum, seeds) => sum + seeds.length, 0);
  }

  count({ verdict, seed, events, virtualMs, wallMs }: RunResult): void {
    this.#runs += 1;
    this.#events += events;
    this.#virtualMs += virtualMs;
    this.#wallMs += wallMs;
    if (verdict !== 'kept') this.#red.get(verdict)?.push(seed);
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
    const broken = named(this.#red.get('broken') ?? [], 'broke a promise');
    const failed = named(this.#red.get('failed') ?? [], 'missed an expectation');
    return `${[...broken, ...failed].join('; ')}; the other ${grouped(this.#runs - this.redRuns)} are green.`;
  }

  #cost(): string {
    return `${counted(this.#events, 'event')}, ${duration(this.#virtualMs)} of virtual time in ${duration(this.#wallMs)}.`;
  }

  #reproduce(): string {
    const red = this.#red.get('broken')?.[0] ?? this.#red.get('failed')?.[0];
    if (red !== undefined) return reproduceCommand({ scenario: this.scenario, seed: red });
    return campaignCommand(this.scenario, this.seeds);
  }
}

function named(seeds: readonly string[], what: string): string[] {
  if (seeds.length === 0) return [];
  const more = seeds.length > SEEDS_NAMED ? ', …' : '';
  return [`${grouped(seeds.length)} ${what} (seeds ${seeds.slice(0, SEEDS_NAMED).join(', ')}${more})`];
}
