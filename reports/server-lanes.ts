import type { ServerState } from '../protocol/packets.ts';
import type { TraceEvent } from '../sim/trace-events.ts';
import type { Lane } from './timeline-rows.ts';

/** What each server is doing right now, as the trace told it. A process starts in LOOKING (QuorumPeer's first state). */
interface ServerLane {
  isUp: boolean;
  isPaused: boolean;
  state: ServerState;
}

export class ServerLanes {
  readonly #servers: ServerLane[];

  constructor(servers: number) {
    this.#servers = Array.from({ length: servers }, () => ({
      isUp: false,
      isPaused: false,
      state: 'LOOKING',
    }));
  }

  onEvent(index: number, event: TraceEvent): void {
    const server = this.#servers[index];
    if (server === undefined) return;
    if (event.type === 'started') Object.assign(server, { isUp: true, isPaused: false, state: 'LOOKING' });
    else if (event.type === 'crashed' || event.type === 'exited') server.isUp = false;
    else if (event.type === 'paused') server.isPaused = true;
    else if (event.type === 'resumed') server.isPaused = false;
    else if (event.type === 'state') server.state = event.to;
  }

  now(): Lane[] {
    return this.#servers.map(({ isUp, isPaused, state }) => {
      if (!isUp) return 'DOWN';
      return isPaused ? 'PAUSED' : state;
    });
  }
}
