import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sid } from '../../../protocol/ids.ts';
import type { ServerSpec } from '../../../protocol/config.ts';
import { createCheckers, type CheckerSuite } from '../../../sim/checkers/index.ts';
import { serverParty, type Party } from '../../../sim/party.ts';
import { HandDriven } from '../../support/hand-driven.ts';
import { clientPlan, ensembleOf, runPlan } from '../../support/plans.ts';
import {
  CLOSED,
  CORE_TRANSCRIPTS,
  loadTranscript,
  loadTranscriptFile,
  Notation,
  RECORDED_RELEASE,
  type Result,
  type Step,
  type Transcript,
} from '../../support/transcripts.ts';

/** Recordings here, and in the folder that ZABSIM_TRANSCRIPTS names, if any. */
const HERE = new URL('../../testdata/transcripts/', import.meta.url).pathname;
const FOLDERS = [HERE, process.env.ZABSIM_TRANSCRIPTS ?? ''].filter((folder) => folder !== '');
const FILES = FOLDERS.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => /^core-.*\.json$/.test(name))
    .map((name) => `${folder}/${name}`),
);

/** The recorded ensemble: three servers on one host. */
const SERVERS: readonly ServerSpec[] = [0, 1, 2].map((i) => ({
  sid: sid(i + 1),
  host: '127.0.0.1',
  quorumPort: 25_282 + i,
  electionPort: 25_382 + i,
  clientPort: 25_182 + i,
  learnerType: 'PARTICIPANT',
}));

/** Session k on server k, on a simulated ensemble, one request at a time. */
class Player {
  readonly #notation = new Notation();
  readonly #driven: HandDriven;
  readonly #checkers: CheckerSuite;
  /** The client that has each session of the script at the moment, and the events of it that were told. */
  readonly #current: number[];
  readonly #told = new Map<Party, number>();
  readonly #sessions: number;
  #opened = 0;

  constructor(transcript: Transcript, seed: string) {
    const { sessions } = transcript;
    this.#sessions = sessions;
    const homes = [...Array.from({ length: sessions }, (_, i) => i), ...replacedSessions(transcript)];
    const clients = homes.map((home, i) =>
      clientPlan(`session${i}`, SERVERS.slice(home, home + 1), { autoWatchReset: false }),
    );
    const plan = runPlan(ensembleOf(SERVERS), { clients, release: RECORDED_RELEASE });
    this.#checkers = createCheckers(plan);
    this.#driven = new HandDriven(plan, seed);
    this.#driven.cluster.trace.addSink(this.#checkers);
    this.#driven.untilServing();
    this.#current = Array.from({ length: sessions }, () => this.#open());
    this.#sync(0);
  }

  play(step: Step): Result {
    const result = this.#result(step);
    for (let session = 0; session < this.#sessions; session++) this.#sync(session);
    return this.#notation.withEvents(
      result,
      this.#current.map((client) => this.#events(client)),
    );
  }

  /** Promises that somebody finds broken so far, with the evidence. */
  get broken(): readonly (readonly [string, readonly string[]])[] {
    return this.#checkers.checkers.flatMap(({ name, contradictions }) =>
      contradictions.map(({ evidence }) => [name, evidence] as const),
    );
  }

  #result(step: Step): Result {
    const client = this.#clientOf(step.session);
    switch (step.kind) {
      case 'request': {
        const answer = this.#driven.request(client, step.body);
        if (answer.zxid !== 0) return this.#notation.reply(answer);
        this.#current[step.session] = this.#open();
        return CLOSED;
      }
      case 'reopen':
        this.#driven.request(client, { op: 'closeSession' });
        this.#current[step.session] = this.#open();
        return {};
      case 'resume':
        return this.#resume(client, step.session);
    }
  }

  #resume(client: number, session: number): Result {
    const { cluster } = this.#driven;
    const { party } = this.#driven.client(client);
    const before = this.#driven
      .events('keeperState', party)
      .findLast((event) => event.state === 'SyncConnected');
    const after = this.#driven.reconnected(client, () =>
      cluster.network.resetConnections(party, serverParty(sid(session + 1))),
    );
    const attached = this.#driven.events('sessionAttached').at(-1);
    return { same_session: after.sessionId === before?.sessionId, timeout: attached?.timeOut ?? 0 };
  }

  #open(): number {
    const client = this.#opened++;
    this.#notation.sessionOpened(this.#driven.connect(client).sessionId);
    return client;
  }

  #sync(session: number): void {
    this.#driven.request(this.#clientOf(session), { op: 'sync', path: '/' });
  }

  #events(client: number): readonly {
    eventType: 'NodeCreated' | 'NodeDeleted' | 'NodeDataChanged' | 'NodeChildrenChanged';
    path: string;
  }[] {
    const { party } = this.#driven.client(client);
    const events = this.#driven.events('watchEvent', party);
    const told = this.#told.get(party) ?? 0;
    this.#told.set(party, events.length);
    return events.slice(told);
  }

  #clientOf(session: number): number {
    const client = this.#current[session];
    if (client === undefined) throw new TypeError(`no session ${session}`);
    return client;
  }
}

/** The session of each step that puts a new session in its place: it was reopened, or its connection was closed on it. */
const replacedSessions = ({ steps, results }: Transcript): readonly number[] =>
  steps
    .filter((step, at) => step.kind === 'reopen' || results[at]?.closed === true)
    .map((step) => step.session);

describe('what a real ensemble of three answered, three simulated servers answer', () => {
  it.each(FILES.map((file) => [file.slice(file.lastIndexOf('/') + 1), file] as const))('%s', (name, file) => {
    const transcript = loadTranscriptFile(file);
    const player = new Player(transcript, name);
    expect(transcript.steps).toHaveLength(transcript.results.length);
    for (const [at, step] of transcript.steps.entries()) {
      expect({ at, step, result: player.play(step) }).toEqual({ at, step, result: transcript.results[at] });
    }
  });

  it.each(CORE_TRANSCRIPTS)('and no checker finds fault with %s, whose answers are real', (name) => {
    const transcript = loadTranscript(name);
    const player = new Player(transcript, name);
    for (const step of transcript.steps) player.play(step);
    expect(player.broken).toEqual([]);
  });
});
