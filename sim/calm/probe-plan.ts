import type { ClientEvent } from '../../protocol/client-events.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { NO_TXNS } from '../../protocol/zxid.ts';
import { clientParty, type Party } from '../party.ts';
import type { ClientPlan } from '../client-plan.ts';
import type { RunPlan } from '../plan.ts';

export const PROBE_NAME = 'calm-probe';
/** Long enough to outlive an election; short enough that a server which is gone for good is given up in a few seconds. */
const PROBE_TIMEOUT_MS = 10_000;

/** The number after the scenario's clients', so that nobody else's moves. */
export const probeParty = ({ clients }: Pick<RunPlan, 'clients'>): Party => clientParty(clients.length);

/** The plan with the probe among its clients, for whoever looks clients up by their party. */
export const withProbe = (plan: RunPlan): RunPlan => ({
  ...plan,
  clients: [...plan.clients, probePlan(plan)],
});

export const probePlan = ({ ensemble, durationMs }: RunPlan): ClientPlan => ({
  name: PROBE_NAME,
  servers: ensemble.servers.map(({ sid }) => sid),
  sessionTimeoutMs: PROBE_TIMEOUT_MS,
  reads: 'local',
  startMs: durationMs,
  activities: [],
});

/** That a write went through the ensemble: it was done, or refused by a txn of its own because it had been done before. */
export const isWritten = ({ err, zxid }: Extract<ClientEvent, { type: 'answered' }>): boolean =>
  zxid > NO_TXNS && (err === ErrorCode.OK || err === ErrorCode.NODEEXISTS);
