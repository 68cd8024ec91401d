import { formatZxid } from '../../protocol/zxid.ts';
import { serverParty, type Party } from '../party.ts';
import type { Micros } from '../time.ts';
import type { TraceEvent, TraceEventType } from '../trace-events.ts';
import type { FinalServer } from './final-server.ts';
import type { Reader } from './promise-checker.ts';

/** Whom each server votes for, so that evidence can say in one line who was where. */
export class Whereabouts implements Reader {
  readonly reads: readonly TraceEventType[] = ['voteChanged'];
  readonly #votes = new Map<Party, number>();

  onEvent(_at: Micros, party: Party, event: TraceEvent): void {
    if (event.type === 'voteChanged') this.#votes.set(party, event.leader);
  }

  /** `1 LOOKING for 3 at 0x100000007, 2 DOWN, 3 LEADING in SYNCHRONIZATION at …`. */
  text(servers: readonly FinalServer[]): string {
    return servers.map((server) => this.#where(server)).join(', ');
  }

  #where({ sid, state, zabState, lastZxid }: FinalServer): string {
    if (state === 'DOWN' || lastZxid === undefined) return `${String(sid)} DOWN`;
    const vote =
      state === 'LOOKING' ? ` for ${String(this.#votes.get(serverParty(sid)) ?? '?')}` : ` in ${zabState}`;
    return `${String(sid)} ${state}${vote} at ${formatZxid(lastZxid)}`;
  }
}
