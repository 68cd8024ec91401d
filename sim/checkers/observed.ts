import type { RunPlan } from '../plan.ts';
import { CommittedLog } from './committed-log.ts';
import { DurablePositions } from './durable-positions.ts';
import { ClientHistory } from './history.ts';
import { ReferenceModel } from './model/reference-model.ts';
import { Names } from './names.ts';
import type { Reader } from './promise-checker.ts';
import { Quorums } from './quorum.ts';

/** What the checkers share. Each part reads an event once, before any checker does. */
export interface Observed {
  readonly plan: RunPlan;
  readonly names: Names;
  readonly quorums: Quorums;
  readonly log: CommittedLog;
  readonly disks: DurablePositions;
  readonly history: ClientHistory;
  readonly model: ReferenceModel;
}

export function observe(plan: RunPlan): Observed {
  const log = new CommittedLog(plan.ensemble.initialCounter);
  return {
    plan,
    names: new Names(plan),
    quorums: new Quorums(plan.ensemble),
    log,
    disks: new DurablePositions(),
    history: new ClientHistory(),
    model: new ReferenceModel(log),
  };
}

/** In the order in which they must see an event: the model follows the log. */
export const readersOf = (observed: Observed): readonly Reader[] => [
  observed.log,
  observed.disks,
  observed.history,
  observed.model,
];
