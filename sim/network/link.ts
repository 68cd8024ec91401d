import { assert } from '../../protocol/assert.ts';
import { sample } from '../distributions.ts';
import { NthAtOnce } from '../nth.ts';
import type { Party } from '../party.ts';
import type { NetworkPlan } from '../world-plan.ts';
import type { KeyedDraws } from '../random.ts';
import { type Micros, MICROS_PER_MS } from '../time.ts';
import { isInBurst } from './loss-bursts.ts';
import { bytesOf } from './packet-bytes.ts';
import { KIND_CODES, type Payload, type SegmentKind } from './segments.ts';
import { type LinkChange, TunableQuality } from './tunable-quality.ts';

const MICROS_PER_SECOND = 1000 * MICROS_PER_MS;

const LATENCY_1 = 0;
const LATENCY_2 = 1;
const OFFSET_1 = 2;
const OFFSET_2 = 3;
const LOSS = 4;
const JITTER_1 = 64;
const JITTER_2 = 65;
const BURST = 66;
const BURST_LOSS = 128;

/** Something that has arrived at the end of a held link. */
export interface Held {
  /** The link holds it no more. Called from within the release: what follows from it is an event of its own. */
  goOn(): void;
}

/**
 * The way from one machine to another (law 3): it can be slow, narrow, lossy, cut or held, and connections live on it. What it does
 * to a segment is computed from (link, kind, time of sending, how many of that kind at that time): nothing else that happens
 * anywhere changes it (law 5). Only where a bandwidth is set do segments wait for those that were sent before.
 */
export class Link {
  readonly from: Party;
  readonly to: Party;
  /** Segments on their way. */
  inFlight = 0;

  readonly #plan: NetworkPlan;
  readonly #draws: KeyedDraws;
  readonly #nth = new NthAtOnce(Object.keys(KIND_CODES).length);
  readonly #quality: TunableQuality;
  readonly #offset: Micros;
  readonly #held = new Set<Held>();
  #cuts = 0;
  #holds = 0;
  /** When the last bit of what was sent so far leaves. */
  #busyUntil: Micros = 0;

  constructor(from: Party, to: Party, plan: NetworkPlan, draws: KeyedDraws, distances: KeyedDraws) {
    this.from = from;
    this.to = to;
    this.#plan = plan;
    this.#draws = draws;
    this.#quality = new TunableQuality(plan);
    this.#offset = this.#drawOffset(distances);
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

  /** What would arrive is kept. It meets the hold first: what else the link does to it, it does at the release. */
  get isHeld(): boolean {
    return this.#holds > 0;
  }

  /** Holds add up as cuts do. */
  hold(): void {
    this.#holds++;
  }

  /** At the last one, all that was kept goes on, in the order in which it came. */
  release(): void {
    assert(this.isHeld, `link ${this.from}→${this.to} is not held`);
    if (--this.#holds > 0) return;
    const held = [...this.#held];
    this.#held.clear();
    for (const one of held) one.goOn();
  }

  keep(one: Held): void {
    this.#held.add(one);
  }

  /** It will never arrive. */
  discard(one: Held): void {
    this.#held.delete(one);
  }

  change(change: LinkChange): void {
    this.#quality.change(change);
  }

  takeBack(change: LinkChange): void {
    this.#quality.takeBack(change);
  }

  /** The last part of a segment's key; the parts before are the link and the time of sending. */
  address(kind: SegmentKind, sentAt: Micros): number {
    const code = KIND_CODES[kind];
    return this.#nth.next(code, sentAt) * 64 + code;
  }

  /** When the last bit of a segment leaves that is sent now: one after another through a link that has a width. */
  departure(payload: Payload, now: Micros): Micros {
    const { bandwidth } = this.#quality;
    if (bandwidth === undefined) return now;
    const takes = Math.ceil((bytesOf(payload) * MICROS_PER_SECOND) / bandwidth);
    this.#busyUntil = Math.max(now, this.#busyUntil) + takes;
    return this.#busyUntil;
  }

  /** From its departure to its arrival, jitter included. */
  latency(sentAt: Micros, address: number): Micros {
    const { latency, jitter } = this.#quality;
    const u1 = this.#draw(sentAt, address, LATENCY_1);
    const u2 = this.#draw(sentAt, address, LATENCY_2);
    const steady = sample(latency, u1, u2) + this.#offset;
    if (jitter === undefined) return steady;
    return (
      steady + sample(jitter, this.#draw(sentAt, address, JITTER_1), this.#draw(sentAt, address, JITTER_2))
    );
  }

  /** Whether this transmission (0 is the first), which would arrive now, gets lost. */
  loses(sentAt: Micros, address: number, transmission: number, now: Micros): boolean {
    if (this.isCut) return true;
    const { loss, bursts } = this.#quality;
    if (loss > 0 && this.#draw(sentAt, address, LOSS + transmission) < loss) return true;
    if (bursts === undefined || !isInBurst(bursts, now, (window) => this.#draw(window, 0, BURST)))
      return false;
    return this.#draw(sentAt, address, BURST_LOSS + transmission) < bursts.loss;
  }

  #draw(at: number, address: number, salt: number): number {
    return this.#draws.draw(this.from, this.to, at, address, salt);
  }

  /** The same both ways. */
  #drawOffset(distances: KeyedDraws): Micros {
    const low = Math.min(this.from, this.to);
    const high = Math.max(this.from, this.to);
    const u1 = distances.draw(low, high, 0, 0, OFFSET_1);
    const u2 = distances.draw(low, high, 0, 0, OFFSET_2);
    return sample(this.#plan.pairOffset, u1, u2);
  }
}
