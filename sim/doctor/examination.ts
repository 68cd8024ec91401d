import { Parting, type PartingPoint } from '../parting.ts';
import type { TraceSink } from '../trace-events.ts';
import type { Witness } from '../witnessed-random.ts';
import { DrawParting, type DrawDifference } from './draw-parting.ts';

/** What one of two runs of one plan and seed is watched with. */
export interface Watch {
  readonly sinks: readonly TraceSink[];
  readonly witness: Witness;
}

export interface Finding {
  readonly parting: PartingPoint;
  /** Undefined: chance is not to blame, all draws up to the first different event were the same. */
  readonly draw: DrawDifference | undefined;
}

/** Two runs that should be the same, compared event by event and draw by draw while they take turns. */
export class Examination {
  readonly first: Watch;
  readonly second: Watch;
  readonly #parting = new Parting();
  readonly #draws = new DrawParting();

  constructor() {
    const watch = (side: 'first' | 'second'): Watch => {
      let events = 0;
      const counter: TraceSink = {
        onEvent: () => {
          events++;
        },
      };
      return {
        sinks: [this.#parting[side], counter],
        witness: (at, draw) => {
          this.#draws.onDraw(side, { at, draw, events });
        },
      };
    };
    this.first = watch('first');
    this.second = watch('second');
  }

  /** To be asked when both are over. Undefined: they are the same. */
  finding(): Finding | undefined {
    const parting = this.#parting.point();
    if (parting === undefined) return undefined;
    const draw = this.#draws.difference();
    // A draw that differs later is a consequence, not the cause.
    return { parting, draw: draw !== undefined && draw.events <= parting.events ? draw : undefined };
  }
}
