import { QUIET_DISKS, QUIET_NETWORK, QUIET_PROCESSES } from '../../sim/plan-defaults.ts';
import { distributionWords, qualityWords } from '../../sim/plan-text/distributions.ts';
import type { FlowMap } from '../../sim/plan-text/flow.ts';
import type { NameOf } from '../../sim/plan-text/names.ts';
import { driftText, rateText, timeText } from '../../sim/plan-text/quantities.ts';
import type { RunPlan } from '../../sim/plan.ts';
import type { ClockPlan, DiskPlan, NetworkPlan, ProcessPlan } from '../../sim/world-plan.ts';
import { block, type Lines, pairs } from './lines.ts';

/** Network, disks, clocks and processes, where they are other than usual. */
export const worldLines = ({ network, disks, clocks, processes }: RunPlan, nameOf: NameOf): Lines => [
  ...block('network', unusual(networkWords(network), networkWords(QUIET_NETWORK))),
  ...block('disks', unusual(diskWords(disks), diskWords(QUIET_DISKS))),
  ...block(
    'clocks',
    pairs(Object.fromEntries(clocks.map((clock) => [nameOf(clock.sid), clockWords(clock)]))),
  ),
  ...block('processes', unusual(processWords(processes), processWords(QUIET_PROCESSES))),
];

/** The pairs of `words` that `usual` has not. */
function unusual(words: FlowMap, usual: FlowMap): Lines {
  const known = pairs(usual);
  return pairs(words).filter((line) => !known.includes(line));
}

const networkWords = (network: NetworkPlan): FlowMap => ({
  ...qualityWords(network),
  offset: distributionWords(network.pairOffset),
});

const diskWords = ({ fsync, throughput }: DiskPlan): FlowMap => ({
  fsync: distributionWords(fsync),
  throughput: throughput === undefined ? undefined : rateText(throughput),
});

const processWords = ({ boot, stage }: ProcessPlan): FlowMap => ({
  boot: distributionWords(boot),
  stage: distributionWords(stage),
});

const clockWords = ({ offsetMs, driftPpm }: ClockPlan): FlowMap => ({
  offset: timeText(offsetMs),
  drift: driftPpm === 0 ? undefined : driftText(driftPpm),
});
