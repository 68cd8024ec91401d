import type { Party } from '../party.ts';
import type { ClockFault } from '../fault-plan.ts';
import { fromMs } from '../time.ts';
import { undoAll, type Aim, type Blow, type Scene, type Undo } from './blow.ts';
import { Overlay } from './overlay.ts';

/** Clocks drift, jump and stand still, each server's for itself. */
export class ClockFaults {
  readonly #scene: Scene;
  readonly #drifts: Overlay<number>;
  readonly #freezes: Overlay<'wall' | 'both'>;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#drifts = new Overlay((party, ppm) => {
      scene.cast.serverOf(party)?.adjustClock((clock, now) => clock.drift(now, ppm));
    });
    this.#freezes = new Overlay((party, which) => {
      scene.cast.serverOf(party)?.adjustClock((clock, now) => clock.freeze(now, which));
    });
  }

  aim(fault: ClockFault, aim: Aim): Blow {
    const servers = aim
      .resolve(fault.target)
      .filter((party) => this.#scene.cast.serverOf(party) !== undefined);
    return {
      struck: servers,
      strike: () => {
        const undo = servers.flatMap((party) => this.#change(party, fault));
        return undo.length === 0 ? undefined : undoAll(undo);
      },
    };
  }

  /** A step is for ever. */
  #change(party: Party, { stepMs, driftPpm, freeze }: ClockFault): readonly Undo[] {
    if (stepMs !== undefined)
      this.#scene.cast.serverOf(party)?.adjustClock((clock, now) => clock.step(now, fromMs(stepMs)));
    return [
      ...(driftPpm === undefined ? [] : [this.#drifts.add(party, driftPpm)]),
      ...(freeze === undefined ? [] : [this.#freezes.add(party, freeze)]),
    ];
  }
}
