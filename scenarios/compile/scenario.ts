import type { EnsembleConfig } from '../../protocol/config.ts';
import type { DiskPlan, NetworkPlan, ProcessPlan, RunPlan } from '../../sim/plan.ts';
import type { WrittenScenario } from '../schema/scenario.ts';
import { compileClients } from './clients.ts';
import { compileEnsemble } from './ensemble.ts';
import { compileExpectations } from './expectations.ts';
import { Names } from './names.ts';
import type { Report } from './report.ts';
import { compileTimeline } from './timeline.ts';
import type { OpenFile } from './zoo-cfg-files.ts';

/**
 * A scenario as written → the plan of its run, every default filled in. The defaults are a quiet data centre: half
 * a millisecond between hosts, a millisecond and a half for an fsync, and long tails on both.
 */
const NETWORK: NetworkPlan = {
  latency: { kind: 'logNormal', medianMs: 0.5, sigma: 0.4 },
  pairOffset: { kind: 'uniform', minMs: 0, maxMs: 0.2 },
  loss: 0,
};
const DISKS: DiskPlan = { fsync: { kind: 'logNormal', medianMs: 1.5, sigma: 0.4 } };
const PROCESSES: ProcessPlan = {
  boot: { kind: 'uniform', minMs: 50, maxMs: 150 },
  stage: { kind: 'uniform', minMs: 0, maxMs: 0.05 },
};

/** Complains to `report`; `undefined` when there is no ensemble to hold the rest against. */
export function compileScenario(
  written: WrittenScenario,
  report: Report,
  open: OpenFile,
): RunPlan | undefined {
  const { name, description, duration: durationMs, clients = {} } = written;
  if (durationMs === 0)
    report.problem(['duration'], 'the story takes no time', 'a time above zero, such as 20s');
  const ensemble = compileEnsemble(written.ensemble, report, open);
  if (ensemble === undefined) return undefined;
  const names = new Names(ensemble.servers, Object.keys(clients));
  return {
    name,
    description: description.trim(),
    ensemble,
    network: compileNetwork(written.network),
    disks: { fsync: written.disks?.fsync ?? DISKS.fsync },
    processes: {
      boot: written.processes?.boot ?? PROCESSES.boot,
      stage: written.processes?.stage ?? PROCESSES.stage,
    },
    clients: compileClients(clients, ensemble, names, durationMs, report),
    timeline: compileTimeline(written.timeline ?? [], names, durationMs, report),
    expectations: compileExpectations(written.expect ?? [], names, report),
    durationMs,
    calmMs: written.calm ?? defaultCalmMs(ensemble),
  };
}

const compileNetwork = (written: WrittenScenario['network']): NetworkPlan => ({
  latency: written?.latency ?? NETWORK.latency,
  pairOffset: written?.offset ?? NETWORK.pairOffset,
  loss: written?.loss ?? NETWORK.loss,
});

/**
 * Time for what may have to happen one after the other: a dead connection is given up (syncLimit), an election
 * whose notifications have backed off is noticed (up to a minute), one attempt to synchronize runs into initLimit and
 * the next succeeds.
 */
function defaultCalmMs({ tickTime, initLimit, syncLimit, maxNotificationInterval }: EnsembleConfig): number {
  return maxNotificationInterval + 2 * (initLimit + syncLimit) * tickTime;
}
