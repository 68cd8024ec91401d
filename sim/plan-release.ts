import { assert } from '../protocol/assert.ts';
import type { Sid } from '../protocol/ids.ts';
import type { BehaviourName } from '../protocol/release/behaviours.ts';
import { DEFAULT_RELEASE, releaseNamed, type Release } from '../protocol/release/release.ts';
import type { RunPlan } from './plan.ts';

/** What this server runs at first. */
export function releaseOfServer({ release, serverReleases = [] }: RunPlan, sid: Sid): Release {
  const own = serverReleases.find((server) => server.sid === sid);
  return knownRelease(own?.release ?? release);
}

/** Clients are of the ensemble's release. */
export const releaseOfClients = ({ release }: RunPlan): Release => knownRelease(release);

/** Whether any server runs such a release, from the beginning or from a restart on. */
export function someServerHas(plan: RunPlan, behaviour: BehaviourName): boolean {
  const begun = plan.ensemble.servers.map(({ sid }) => releaseOfServer(plan, sid));
  const restarted = plan.timeline.flatMap(({ fault }) =>
    fault.kind === 'restart' && fault.release !== undefined ? [knownRelease(fault.release)] : [],
  );
  return [...begun, ...restarted].some((release) => release[behaviour]);
}

/** Whoever makes a plan has seen to it that its releases exist. */
export function knownRelease(name: string | undefined): Release {
  if (name === undefined) return DEFAULT_RELEASE;
  const release = releaseNamed(name);
  assert(!('unknown' in release), `no release ${name}`);
  return release;
}
