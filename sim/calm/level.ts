import { isEpochStart } from '../../protocol/zxid.ts';
import type { Cast } from '../faults/cast.ts';
import type { SimulatedServer } from '../process/simulated-server.ts';

/**
 * Eventual consistency, looked at from outside: each of these servers is up, serves in one epoch's ensemble, and has the same tree. A
 * leader that has proposed nothing yet stands at (epoch, 0) while its followers stand where its history ends: that is the same tree.
 */
export function isCalm(cast: Cast, servers: readonly SimulatedServer[] = cast.servers): boolean {
  const leader = cast.leader();
  if (leader === undefined) return false;
  return servers.every((server) => isServing(server, leader) && hasTreeOf(server, leader));
}

/** A second leader has been deposed and does not know it yet. */
function isServing(server: SimulatedServer, leader: SimulatedServer): boolean {
  const view = server.peer?.view;
  return view?.isServing === true && (server === leader || view.serverState !== 'LEADING');
}

function hasTreeOf(server: SimulatedServer, leader: SimulatedServer): boolean {
  const mine = server.peer?.view;
  const theirs = leader.peer?.view;
  if (theirs === undefined || mine?.digest !== theirs.digest) return false;
  return mine.lastProcessedZxid === theirs.lastProcessedZxid || isEpochStart(theirs.lastProcessedZxid);
}
