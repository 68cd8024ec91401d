import type { Sid } from '../../protocol/ids.ts';
import type { SimulatedServer } from '../process/simulated-server.ts';

/** Why a server cannot be there in the calm. A claim: the liveness checker looks for the events that bear it out. */
export type Absence =
  /** A crash for good took it. */
  | { readonly kind: 'lost' }
  /** It started in the calm and would not go on with the data that it found. */
  | { readonly kind: 'refuses'; readonly reason: string };

/** The one condition that excuses a run which does not come to life. */
export interface Excuse {
  readonly kind: 'noQuorumCanStart';
  readonly text: string;
  /** Who cannot be there. */
  readonly servers: readonly Sid[];
}

/** `hasExited`: whether ZooKeeper has ended this server's process since the calm began. */
export function absenceOf(server: SimulatedServer, hasExited: boolean): Absence | undefined {
  if (server.isUp) return undefined;
  if (server.isLost) return { kind: 'lost' };
  if (!hasExited || server.refusal === undefined) return undefined;
  return { kind: 'refuses', reason: server.refusal };
}

export function excuseOf(
  absences: readonly { readonly server: SimulatedServer; readonly absence: Absence }[],
): Excuse {
  const texts = absences.map(({ server, absence }) => `${server.name} ${absenceText(absence)}`);
  return {
    kind: 'noQuorumCanStart',
    text: `no quorum can start: ${texts.join(', ')}`,
    servers: absences.map(({ server }) => server.sid),
  };
}

const absenceText = (absence: Absence): string =>
  absence.kind === 'lost' ? 'is lost for good' : `refuses to start (${absence.reason})`;
