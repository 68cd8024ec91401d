import type { Sid } from '../../protocol/ids.ts';
import type { ServerState, ZabState } from '../../protocol/packets.ts';
import type { Zxid } from '../../protocol/zxid.ts';
import type { Absence, Excuse } from '../calm/absence.ts';

/** A server when the run is over. */
export interface FinalServer {
  readonly sid: Sid;
  /** Its process runs. */
  readonly up: boolean;
  /** It serves clients. */
  readonly serving: boolean;
  readonly state: ServerState | 'DOWN';
  readonly zabState: ZabState | 'DOWN';
  /** Of its tree; undefined when it is down. */
  readonly lastZxid: Zxid | undefined;
  readonly digest: number | undefined;
  /** Why it cannot be there, as the simulation claims. */
  readonly absence: Absence | undefined;
}

/** How the ensemble ended, and what the simulation says in its defence. */
export interface FinalState {
  readonly servers: readonly FinalServer[];
  readonly excuse: Excuse | undefined;
  /** How long it was waited for, where that was given up before its time as too much went on. */
  readonly gaveUpAfterMs?: number;
}
