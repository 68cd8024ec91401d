import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RELEASE } from '../../../protocol/release.ts';
import { sid } from '../../../protocol/ids.ts';
import type { ServerSpec } from '../../../protocol/config.ts';
import { serverParty, type Party } from '../../../sim/party.ts';
import { HandDriven } from '../../support/hand-driven.ts';
import { clientPlan, ensembleOf, runPlan } from '../../support/plans.ts';
import {
  CLOSED,
  loadTranscriptFile,
  Notation,
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

const RECORDED_RELEASE = { ...DEFAULT_RELEASE, create2InMultiAnswersCreate: true };

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
  /** The client that has each session of the script at the moment, and the events of it that were told. */
  readonly #current: number[];
  readonly #told = new Map<Party, number>();
  readonly #sessions: number;
  #opened = 0;

  constructor({ sessions, steps }: Transcript, seed: string) {
    this.#sessions = sessions;
    const reopened = steps.filter((step) => step.kind === 'reopen').map((step) => step.session);
    const homes = [...Array.from({ length: sessions }, (_, i) => i), ...reopened];
    const clients = homes.map((home, i) =>
      clientPlan(`session${i}`, SERVERS.slice(home, home + 1), { autoWatchReset: false }),
    );
    this.#driven = new HandDriven(runPlan(ensembleOf(SERVERS), { clients }), seed, RECORDED_RELEASE);
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

  #result(step: Step): Result {
    const client = this.#clientOf(step.session);
    switch (step.kind) {
      case 'request': {
        const answer = this.#driven.request(client, step.body);
        return answer.zxid === 0 ? CLOSED : this.#notation.reply(answer);
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

  #events(
    client: number,
  ): readonly {
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

describe('what a real ensemble of three answered, three simulated servers answer', () => {
  it.each(FILES.map((file) => [file.slice(file.lastIndexOf('/') + 1), file] as const))('%s', (name, file) => {
    const transcript = loadTranscriptFile(file);
    const player = new Player(transcript, name);
    expect(transcript.steps).toHaveLength(transcript.results.length);
    for (const [at, step] of transcript.steps.entries()) {
      expect({ at, step, result: player.play(step) }).toEqual({ at, step, result: transcript.results[at] });
    }
  });
});
