import { describe, expect, it } from 'vitest';
import { connectionId, type ConnectionId, type SessionId } from '../../protocol/ids.ts';
import { ErrorCode } from '../../protocol/errors.ts';
import { releaseOf } from '../../protocol/release/release.ts';
import { OneServer } from '../support/one-server.ts';
import {
  CLOSED,
  CORE_TRANSCRIPTS,
  loadTranscript,
  Notation,
  RECORDED_CONFIG,
  RECORDED_RELEASE,
  RESUMED,
  type Result,
  type Step,
} from '../support/transcripts.ts';

interface Client {
  session: SessionId;
  connection: ConnectionId;
}

/** Three sessions on one server, one request at a time. */
class Player {
  readonly #server = new OneServer(releaseOf(RECORDED_RELEASE));
  readonly #notation = new Notation();
  readonly #clients: Client[];
  #nextConnection = 1;

  constructor(sessions: number) {
    this.#server.database.tree.setConfig(RECORDED_CONFIG, 1_700_000_000_000);
    this.#clients = Array.from({ length: sessions }, () => this.#open());
  }

  play(step: Step): Result {
    const result = this.#result(step);
    const events = this.#clients.map(({ connection }) => this.#server.takeEvents(connection));
    return this.#notation.withEvents(result, events);
  }

  #result(step: Step): Result {
    const client = this.#clients[step.session];
    if (client === undefined) throw new TypeError(`no session ${String(step.session)}`);
    if (step.kind === 'request') {
      const reply = this.#server.submit(client.session, step.body, client.connection);
      return reply.err === ErrorCode.SESSIONMOVED ? CLOSED : this.#notation.reply(reply);
    }
    this.#disconnect(client);
    if (step.kind === 'reopen') this.#server.submit(client.session, { op: 'closeSession' });
    Object.assign(client, step.kind === 'reopen' ? this.#open() : { connection: this.#connect() });
    return step.kind === 'reopen' ? {} : RESUMED;
  }

  #open(): Client {
    const session = this.#server.newSession();
    this.#notation.sessionOpened(session);
    return { session, connection: this.#connect() };
  }

  #connect(): ConnectionId {
    return connectionId(this.#nextConnection++);
  }

  #disconnect({ connection }: Client): void {
    this.#server.database.tree.watches.removeConnection(connection);
  }
}

describe('what a real ensemble answered', () => {
  it.each(CORE_TRANSCRIPTS)('%s: every step has the same result and fires the same watches', (name) => {
    const { sessions, steps, results } = loadTranscript(name);
    const player = new Player(sessions);
    expect(steps).toHaveLength(results.length);
    for (const [at, step] of steps.entries()) {
      expect({ at, step, result: player.play(step) }).toEqual({ at, step, result: results[at] });
    }
  });
});
