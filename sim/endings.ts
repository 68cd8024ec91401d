import { formatZxid, NO_TXNS } from '../protocol/zxid.ts';
import type { Absence } from './calm/absence.ts';
import type { FinalServer } from './checkers/index.ts';
import type { FinalServer as ExpectedServer } from './expectations/final-state.ts';
import type { SimulatedServer } from './process/simulated-server.ts';
import type { ServerResult } from './result.ts';

/** How a server ended, for each of those who ask: the checkers, the expectations, and the result. */
export function finalServer(server: SimulatedServer, absence: Absence | undefined): FinalServer {
  const view = server.peer?.view;
  return {
    sid: server.sid,
    up: server.isUp,
    serving: view?.isServing ?? false,
    state: view?.serverState ?? 'DOWN',
    zabState: view?.zabState ?? 'DOWN',
    lastZxid: view?.lastProcessedZxid ?? NO_TXNS,
    digest: view?.digest ?? 0,
    absence,
  };
}

export function expectedState(server: SimulatedServer): ExpectedServer {
  return {
    sid: server.sid,
    state: server.peer?.view.serverState ?? 'DOWN',
    znode: (path) => {
      const znode = server.peer?.znode(path);
      return (
        znode && { data: new TextDecoder().decode(znode.data ?? new Uint8Array()), children: znode.children }
      );
    },
  };
}

export function serverResult(server: SimulatedServer): ServerResult {
  const view = server.peer?.view;
  return {
    sid: server.sid,
    name: server.name,
    state: view?.serverState ?? 'DOWN',
    zabState: view?.zabState ?? 'DOWN',
    lastZxid: view === undefined ? '0x0' : formatZxid(view.lastProcessedZxid),
    digest: view === undefined ? '' : view.digest.toString(16).padStart(16, '0'),
  };
}
