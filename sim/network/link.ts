import { assert } from '../../protocol/assert.ts';
import { sample } from '../distributions.ts';
import { NthAtOnce } from '../nth.ts';
import type { Party } from '../party.ts';
import type { Distribution, NetworkPlan } from '../plan.ts';
import type { KeyedDraws } from '../random.ts';
import type { Micros } from '../time.ts';
import { KIND_CODES, type SegmentKind } from './segments.ts';

/** What a fault changes about a link. What is absent stays as it was. */
export interface LinkChange {
  readonly latency?: Distribution | undefined;
  readonly loss?: number | undefined;
}

const LATENCY_1 = 0;
const LATENCY_2 = 1;
const OFFSET_1 = 2;
const OFFSET_2 = 3;
const LOSS = 4;

/**
 * The way from one machine to another (law 3): it can be slow, lossy or cut, and connections live on it. What it does
 * to a segment is computed from (link, kind, time of sending, how many of that kind at that time): nothing else that happens
 * anywhere changes it (law 5).
 */
export class Link {
  readonly from: Party;
  readonly to: Party;
  /** Segments on their way. */
  inFlight = 0;

  readonly #plan: NetworkPlan;
  readonly #draws: KeyedDraws;
  readonly #nth = new NthAtOnce(Object.keys(KIND_CODES).length);
  readonly #changes: LinkChange[] = [];
  readonly #offset: Micros;
  #latency: Distribution;
  #loss: number;
  #cuts = 0;

  constructor(from: Party, to: Party, plan: NetworkPlan, draws: KeyedDraws) {
    this.from = from;
    this.to = to;
    this.#plan = plan;
    this.#draws = draws;
    this.#latency = plan.latency;
    this.#loss = plan.loss;
    this.#offset = this.#drawOffset();
  }

  /** Nothing arrives. A segment meets the cut where it would arrive, so the cut also takes what is on its way. */
  get isCut(): boolean {
    return this.#cuts > 0;
  }

  /** Cuts add up, so that partitions may overlap. */
  cut(): void {
    this.#cuts++;
  }

  mend(): void {
    assert(this.#cuts > 0, `link ${this.from}→${this.to} is not cut`);
    this.#cuts--;
  }

  /** The newest change of a property wins; taking one back uncovers the one before. */
  change(change: LinkChange): void {
    this.#changes.push(change);
    this.#apply();
  }

  takeBack(change: LinkChange): void {
    const index = this.#changes.indexOf(change);
    assert(index >= 0, `link ${this.from}→${this.to} was not changed so`);
    this.#changes.splice(index, 1);
    this.#apply();
  }

  /** The last part of a segment's key; the parts before are the link and the time of sending. */
  address(kind: SegmentKind, sentAt: Micros): number {
    const code = KIND_CODES[kind];
    return this.#nth.next(code, sentAt) * 64 + code;
  }

  latency(sentAt: Micros, address: number): Micros {
    const u1 = this.#draws.draw(this.from, this.to, sentAt, address, LATENCY_1);
    const u2 = this.#draws.draw(this.from, this.to, sentAt, address, LATENCY_2);
    return sample(this.#latency, u1, u2) + this.#offset;
  }

  /** Whether this transmission (0 is the first) gets lost. */
  loses(sentAt: Micros, address: number, transmission: number): boolean {
    if (this.isCut) return true;
    if (this.#loss === 0) return false;
    return this.#draws.draw(this.from, this.to, sentAt, address, LOSS + transmission) < this.#loss;
  }

  #apply(): void {
    this.#latency =
      this.#changes.findLast((change) => change.latency !== undefined)?.latency ?? this.#plan.latency;
    this.#loss = this.#changes.findLast((change) => change.loss !== undefined)?.loss ?? this.#plan.loss;
  }

  /** The same both ways. */
  #drawOffset(): Micros {
    const low = Math.min(this.from, this.to);
    const high = Math.max(this.from, this.to);
    const u1 = this.#draws.draw(low, high, 0, 0, OFFSET_1);
    const u2 = this.#draws.draw(low, high, 0, 0, OFFSET_2);
    return sample(this.#plan.pairOffset, u1, u2);
  }
}
