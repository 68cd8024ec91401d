import type { SimulatedServer } from '../process/simulated-server.ts';
import type { Party } from '../party.ts';
import type { Target } from '../fault-plan.ts';
import type { Cast } from './cast.ts';

/** One draw in [0, 1), the same for the same fault, whatever else happens in the run. */
export type Draw = () => number;

/** Who is meant at this moment (by name, by sid, or by role). Empty when nobody plays that role. */
export function resolveTargets(
  targets: readonly Target[],
  cast: Cast,
  lastStruck: readonly Party[],
  draw: Draw,
): readonly Party[] {
  const parties = targets.flatMap((target) => resolve(target, cast, lastStruck, draw));
  return [...new Set(parties)];
}

function resolve(target: Target, cast: Cast, lastStruck: readonly Party[], draw: Draw): readonly Party[] {
  switch (target.kind) {
    case 'server':
      return partiesOf([cast.server(target.sid)]);
    case 'client': {
      const client = cast.clientNamed(target.name);
      return client === undefined ? [] : [client.party];
    }
    case 'leader':
      return partiesOf([cast.leader()]);
    case 'anyFollower':
      return partiesOf([oneOf(cast.learners('PARTICIPANT'), draw)]);
    case 'followers':
      return partiesOf(cast.learners('PARTICIPANT'));
    case 'anyObserver':
      return partiesOf([oneOf(cast.learners('OBSERVER'), draw)]);
    case 'observers':
      return partiesOf(cast.learners('OBSERVER'));
    case 'anyServer':
      return partiesOf([
        oneOf(
          cast.servers.filter((server) => server.isUp),
          draw,
        ),
      ]);
    case 'allServers':
      return partiesOf(cast.servers);
    case 'minority':
      return partiesOf(minority(cast, [], draw));
    case 'minorityWithLeader': {
      const leader = cast.leader();
      return leader === undefined ? [] : partiesOf(minority(cast, [leader], draw));
    }
    case 'majority':
      return partiesOf(majority(cast, draw));
    case 'anyClient': {
      const client = oneOf(cast.clients, draw);
      return client === undefined ? [] : [client.party];
    }
    case 'clients':
      return cast.clients.map((client) => client.party);
    case 'lastStruck':
      return lastStruck;
    case 'rest':
      // Only a partition knows who is left.
      return [];
  }
}

/** Grows `first` by drawn participants for as long as those who remain are a quorum. The leader comes in only as `first`. */
function minority(cast: Cast, first: readonly SimulatedServer[], draw: Draw): readonly SimulatedServer[] {
  const leader = cast.leader();
  const chosen = [...first];
  const candidates = shuffled(
    cast.participants().filter((server) => server !== leader),
    draw,
  );
  for (const candidate of candidates) {
    const remaining = cast
      .participants()
      .filter((server) => server !== candidate && !chosen.includes(server));
    if (cast.isQuorum(remaining)) chosen.push(candidate);
  }
  return chosen;
}

/** Drawn participants, one by one, until those who remain are no quorum. */
function majority(cast: Cast, draw: Draw): readonly SimulatedServer[] {
  const chosen: SimulatedServer[] = [];
  for (const candidate of shuffled(cast.participants(), draw)) {
    if (!cast.isQuorum(cast.participants().filter((server) => !chosen.includes(server)))) break;
    chosen.push(candidate);
  }
  return chosen;
}

export function shuffled<T>(items: readonly T[], draw: Draw): readonly T[] {
  const keyed = items.map((item, index) => ({ item, index, key: draw() }));
  return keyed.sort((a, b) => a.key - b.key || a.index - b.index).map(({ item }) => item);
}

const oneOf = <T>(items: readonly T[], draw: Draw): T | undefined => items[Math.floor(draw() * items.length)];

const partiesOf = (servers: readonly (SimulatedServer | undefined)[]): readonly Party[] =>
  servers.flatMap((server) => (server === undefined ? [] : [server.party]));
