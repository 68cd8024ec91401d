import { DEFAULT_CONFIG, type EnsembleConfig } from '../../../protocol/config.ts';
import { QUIET_DISKS, QUIET_NETWORK, QUIET_PROCESSES } from '../../plan-defaults.ts';
import type { RunPlan } from '../../plan.ts';
import { calmFor } from '../swarm.ts';
import type { Attempt } from './passes.ts';

/** What makes a world less than quiet: all at once where that does it, else one thing after the other. */
export function world(plan: () => RunPlan, attempt: Attempt): void {
  const { network, disks, processes } = plan();
  tryChange(plan, attempt, {
    network: QUIET_NETWORK,
    disks: QUIET_DISKS,
    processes: QUIET_PROCESSES,
    clocks: [],
  });
  for (const part of partsOf(network, QUIET_NETWORK))
    tryChange(plan, attempt, { network: { ...plan().network, ...part } });
  for (const part of partsOf(disks, QUIET_DISKS))
    tryChange(plan, attempt, { disks: { ...plan().disks, ...part } });
  for (const part of partsOf(processes, QUIET_PROCESSES))
    tryChange(plan, attempt, { processes: { ...plan().processes, ...part } });
  for (const { sid } of plan().clocks)
    tryChange(plan, attempt, { clocks: plan().clocks.filter((clock) => clock.sid !== sid) });
}

/** The usual limits. Time for joining and heartbeats never gets less: with too little an ensemble cannot live, and that is no defect. */
export function limits(plan: () => RunPlan, attempt: Attempt): void {
  const { initLimit, syncLimit, tickTime } = plan().ensemble;
  const leavesTime =
    initLimit * tickTime <= DEFAULT_CONFIG.initLimit * DEFAULT_CONFIG.tickTime &&
    syncLimit * tickTime <= DEFAULT_CONFIG.syncLimit * DEFAULT_CONFIG.tickTime;
  const { tickTime: tick, initLimit: init, syncLimit: sync, ...others } = DEFAULT_CONFIG;
  const { minSessionTimeout, maxSessionTimeout, ...plain } = others;
  const ticks = { tickTime: tick, initLimit: init, syncLimit: sync, minSessionTimeout, maxSessionTimeout };
  if (leavesTime) {
    tryEnsemble(plan, attempt, { ...plain, ...ticks });
    tryEnsemble(plan, attempt, ticks);
  }
  for (const part of partsOf<Partial<EnsembleConfig>>(plain, plain)) tryEnsemble(plan, attempt, part);
}

/** A plain majority in the place of groups and weights. */
export function majority(plan: () => RunPlan, attempt: Attempt): void {
  const { groups, weights } = plan().ensemble;
  if (groups !== undefined || weights !== undefined) attempt(withoutGroups(plan()));
}

export function withoutGroups(plan: RunPlan): RunPlan {
  const entries = Object.entries(plan.ensemble).filter(([key]) => key !== 'groups' && key !== 'weights');
  return { ...plan, ensemble: Object.fromEntries(entries) as unknown as EnsembleConfig };
}

const partsOf = <T extends object>(of: T, usual: T): readonly Partial<T>[] =>
  Object.keys(of).map((key) => ({ [key]: usual[key as keyof T] }) as Partial<T>);

/** The calm after the story leaves as much time as these limits ask for. */
function tryEnsemble(plan: () => RunPlan, attempt: Attempt, change: Partial<EnsembleConfig>): void {
  const ensemble = { ...plan().ensemble, ...change };
  tryChange(plan, attempt, { ensemble, calmMs: calmFor(ensemble) });
}

/** Not a run for what is as it should be. */
function tryChange(plan: () => RunPlan, attempt: Attempt, change: Partial<RunPlan>): void {
  const smaller = { ...plan(), ...change };
  if (JSON.stringify(smaller) !== JSON.stringify(plan())) attempt(smaller);
}
