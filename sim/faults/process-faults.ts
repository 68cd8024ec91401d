import type { Party } from '../party.ts';
import type { FaultOf, ProcessFault } from '../fault-plan.ts';
import type { Distribution } from '../world-plan.ts';
import { knownRelease } from '../plan-release.ts';
import type { SimulatedClient } from '../process/simulated-client.ts';
import type { SimulatedServer } from '../process/simulated-server.ts';
import { undoAll, type Aim, type Blow, type Scene } from './blow.ts';
import { Overlay } from './overlay.ts';

type Process = SimulatedServer | SimulatedClient;

/** Processes die, start, stand still, and are slow. */
export class ProcessFaults {
  readonly #scene: Scene;
  readonly #pauses: Overlay<true>;
  readonly #slow: Overlay<Distribution>;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#pauses = new Overlay((party, isOn) => {
      const process = scene.cast.process(party);
      if (isOn === true) process?.pause();
      else process?.resume();
    });
    this.#slow = new Overlay((party, stage) => scene.cast.serverOf(party)?.setStage(stage));
  }

  aim(fault: ProcessFault, aim: Aim): Blow {
    const struck = aim.resolve(fault.target);
    switch (fault.kind) {
      case 'crash':
        return this.#crash(fault, struck);
      case 'restart':
        return this.#restart(fault, struck);
      case 'pause':
        return { struck, strike: () => undoAll(struck.map((party) => this.#pauses.add(party, true))) };
      case 'resume':
        return {
          struck,
          strike: () => {
            for (const party of struck) this.#pauses.clear(party);
            return undefined;
          },
        };
      case 'slowCpu': {
        const servers = struck.filter((party) => this.#scene.cast.serverOf(party) !== undefined);
        return {
          struck: servers,
          strike: () => undoAll(servers.map((party) => this.#slow.add(party, fault.stage))),
        };
      }
    }
  }

  #crash(fault: FaultOf<'crash'>, struck: readonly Party[]): Blow {
    const up = this.#those(struck, (process) => process.isUp);
    return {
      struck: up.map((process) => process.party),
      strike: () => {
        for (const process of up) {
          if (fault.after === undefined) kill(process, fault);
          else process.after(fault.after, () => kill(process, fault));
        }
        return undefined;
      },
    };
  }

  #restart({ release }: FaultOf<'restart'>, struck: readonly Party[]): Blow {
    const processes = this.#those(struck, (process) => !process.isLost);
    return {
      struck: processes.map((process) => process.party),
      strike: () => {
        for (const process of processes) {
          if (release !== undefined)
            this.#scene.cast.serverOf(process.party)?.setRelease(knownRelease(release));
          process.boot();
        }
        return undefined;
      },
    };
  }

  #those(parties: readonly Party[], which: (process: Process) => boolean): readonly Process[] {
    const processes = parties.flatMap((party) => this.#scene.cast.process(party) ?? []);
    return processes.filter(which);
  }
}

function kill(process: Process, fault: FaultOf<'crash'>): void {
  process.crash(fault.lose, fault.silent);
  if (fault.forGood) process.abandon();
  else if (fault.restartAfterMs !== undefined) process.boot(fault.restartAfterMs);
}
