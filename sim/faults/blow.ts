import type { EventQueue } from '../event-queue.ts';
import type { Network } from '../network/network.ts';
import type { Party } from '../party.ts';
import type { Target } from '../fault-plan.ts';
import type { Random } from '../random.ts';
import type { Trace } from '../trace.ts';
import type { Cast } from './cast.ts';
import type { Draw } from './targets.ts';

/** Takes back what a fault that lasts has done. */
export type Undo = () => void;

/** A fault that has found its victims and has not struck yet. */
export interface Blow {
  /** As the trace names them. */
  readonly struck: readonly Party[];
  /** Whom `last struck` means afterwards, if not all of them. */
  readonly foremost?: readonly Party[];
  /** Does it. A fault that lasts answers with its undoing, one that is over at once with undefined. */
  readonly strike: () => Undo | undefined;
  /** Whether other faults have taken back all that it did. */
  readonly isSpent?: () => boolean;
}

/** What faults of every kind work on. */
export interface Scene {
  readonly queue: EventQueue;
  readonly network: Network;
  readonly trace: Trace;
  readonly cast: Cast;
  readonly random: Random;
}

/** One strike's view of the world: who is meant, and its own draws. */
export interface Aim {
  readonly resolve: (targets: readonly Target[]) => readonly Party[];
  /** In [0, 1): the next of this strike's draws. */
  readonly draw: Draw;
}

/** A fault that lasts as long as each of its parts. */
export const undoAll =
  (undo: readonly Undo[]): Undo =>
  () => {
    for (const step of undo) step();
  };
