import type { Party } from '../party.ts';
import type { NetworkPlan } from '../world-plan.ts';
import type { KeyedDraws } from '../random.ts';
import { Link } from './link.ts';

/** Every link there is, made when first asked for. */
export class Links {
  readonly #plan: NetworkPlan;
  readonly #draws: KeyedDraws;
  readonly #distances: KeyedDraws;
  readonly #links = new Map<Party, Map<Party, Link>>();

  /** `distances`: how far two machines are from each other, which holds for the whole run. */
  constructor(plan: NetworkPlan, draws: KeyedDraws, distances: KeyedDraws) {
    this.#plan = plan;
    this.#draws = draws;
    this.#distances = distances;
  }

  between(from: Party, to: Party): Link {
    let links = this.#links.get(from);
    if (links === undefined) {
      links = new Map();
      this.#links.set(from, links);
    }
    let link = links.get(to);
    if (link === undefined) {
      link = new Link(from, to, this.#plan, this.#draws, this.#distances);
      links.set(to, link);
    }
    return link;
  }
}
