import type { EnsembleConfig } from '../../protocol/config.ts';
import { QUIET_DISKS, QUIET_NETWORK, QUIET_PROCESSES } from '../../sim/plan-defaults.ts';
import type { RunPlan } from '../../sim/plan.ts';
import type { NetworkPlan } from '../../sim/world-plan.ts';
import type { WrittenScenario } from '../schema/scenario.ts';
import { compileClients, crowdsOf } from './clients.ts';
import { compileClocks } from './clocks.ts';
import { compileEnsemble } from './ensemble.ts';
import { compileExpectations } from './expectations.ts';
import { Names } from './names.ts';
import type { Report } from './report.ts';
import { compileTimeline } from './timeline.ts';
import type { OpenFile } from './zoo-cfg-files.ts';

/** A scenario as written → the plan of its run, every default filled in. Complains to `report`; `undefined` when there is no ensemble to hold the rest against. */
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
  const names = new Names(ensemble.servers, crowdsOf(clients));
  return {
    name,
    description: description.trim(),
    ensemble,
    network: compileNetwork(written.network),
    disks: {
      fsync: written.disks?.fsync ?? QUIET_DISKS.fsync,
      throughput: written.disks?.throughput ?? QUIET_DISKS.throughput,
    },
    clocks: compileClocks(written.clocks ?? {}, names, report),
    processes: {
      boot: written.processes?.boot ?? QUIET_PROCESSES.boot,
      stage: written.processes?.stage ?? QUIET_PROCESSES.stage,
    },
    clients: compileClients(clients, ensemble, names, durationMs, report),
    timeline: compileTimeline(written.timeline ?? [], names, durationMs, report),
    expectations: compileExpectations(written.expect ?? [], names, report),
    durationMs,
    calmMs: written.calm ?? defaultCalmMs(ensemble),
    ...compileReleases(written, ensemble),
    ...(written.gaps !== undefined && { gaps: written.gaps }),
    ...(written.history !== undefined && { history: written.history }),
    ...(written.recorded !== undefined && { recorded: written.recorded }),
  };
}

function compileReleases(
  written: WrittenScenario,
  { servers }: EnsembleConfig,
): Pick<RunPlan, 'release' | 'serverReleases'> {
  const listed = 'servers' in written.ensemble ? written.ensemble.servers : [];
  const serverReleases = servers.flatMap(({ sid }, index) => {
    const server = listed[index];
    return typeof server === 'object' && server.release !== undefined
      ? [{ sid, release: server.release }]
      : [];
  });
  return {
    ...(written.release !== undefined && { release: written.release }),
    ...(serverReleases.length > 0 && { serverReleases }),
  };
}

const compileNetwork = (written: WrittenScenario['network']): NetworkPlan => ({
  latency: written?.latency ?? QUIET_NETWORK.latency,
  jitter: written?.jitter ?? QUIET_NETWORK.jitter,
  pairOffset: written?.offset ?? QUIET_NETWORK.pairOffset,
  loss: written?.loss ?? QUIET_NETWORK.loss,
  bursts: written?.bursts ?? QUIET_NETWORK.bursts,
  bandwidth: written?.bandwidth ?? QUIET_NETWORK.bandwidth,
});

/**
 * Time for what may have to happen one after the other: a dead connection is given up (syncLimit), an election
 * whose notifications have backed off is noticed (up to a minute), one attempt to synchronize runs into initLimit and
 * the next succeeds.
 */
function defaultCalmMs({ tickTime, initLimit, syncLimit, maxNotificationInterval }: EnsembleConfig): number {
  return maxNotificationInterval + 2 * (initLimit + syncLimit) * tickTime;
}
