import { assert } from '../../protocol/assert.ts';
import type { Distribution, LinkQuality } from '../world-plan.ts';

/** What a fault changes about a link. What is absent or undefined stays as it was. */
export type LinkChange = Partial<LinkQuality>;

/** The quality of a link as its plan has it, under the changes of faults: the newest change of a property wins. */
export class TunableQuality {
  readonly #plan: LinkQuality;
  readonly #changes: LinkChange[] = [];

  latency: Distribution;
  /** Undefined: there is none, and nothing has to be drawn. */
  jitter: Distribution | undefined;
  loss: number;
  bursts: LinkQuality['bursts'];
  bandwidth: number | undefined;

  constructor(plan: LinkQuality) {
    this.#plan = plan;
    this.latency = plan.latency;
    this.jitter = unlessNothing(plan.jitter);
    this.loss = plan.loss;
    this.bursts = plan.bursts;
    this.bandwidth = plan.bandwidth;
  }

  change(change: LinkChange): void {
    this.#changes.push(change);
    this.#apply();
  }

  /** Uncovers the change before. */
  takeBack(change: LinkChange): void {
    const index = this.#changes.indexOf(change);
    assert(index >= 0, 'a link was changed so');
    this.#changes.splice(index, 1);
    this.#apply();
  }

  #apply(): void {
    this.latency = this.#newest('latency');
    this.jitter = unlessNothing(this.#newest('jitter'));
    this.loss = this.#newest('loss');
    this.bursts = this.#newest('bursts');
    this.bandwidth = this.#newest('bandwidth');
  }

  #newest<Property extends keyof LinkQuality>(property: Property): LinkQuality[Property] {
    const change = this.#changes.findLast((one) => one[property] !== undefined);
    return change?.[property] ?? this.#plan[property];
  }
}

const unlessNothing = (jitter: Distribution): Distribution | undefined =>
  jitter.kind === 'constant' && jitter.ms === 0 ? undefined : jitter;
