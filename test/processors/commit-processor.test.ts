import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RequestBody } from '../../protocol/client-packets.ts';
import { connectionId, sessionId } from '../../protocol/ids.ts';
import { requestOf } from '../../protocol/learner/learner-zookeeper-server.ts';
import { CommitProcessor, needsCommit } from '../../protocol/processors/commit-processor.ts';
import { Request } from '../../protocol/processors/request.ts';
import { DEFAULT_RELEASE } from '../../protocol/release/release.ts';
import { Stages } from '../../protocol/stages.ts';
import { requestBodies } from '../support/samples.ts';
import { DrivenHost, txnAt } from '../support/server-bench.ts';

const WRITE: RequestBody = { op: 'setData', path: '/', data: null, version: -1 };
const READ: RequestBody = { op: 'exists', path: '/', watch: false };
const SYNC: RequestBody = { op: 'sync', path: '/' };

/**
 * Requests are written `a1`: number 1 of session `a`. `next` remembers them in their order, a write with its zxid's
 * counter (`a1=7`), a write of another server's client as `remote=7`.
 */
class Bench {
  readonly host = new DrivenHost();
  readonly #stages = new Stages(this.host);
  readonly #next: string[] = [];
  readonly processor: CommitProcessor;

  constructor(release = DEFAULT_RELEASE) {
    this.processor = new CommitProcessor({
      stages: this.#stages,
      release,
      next: (request) => void this.#next.push(nameOf(request)),
    });
  }

  submit(name: string, body: RequestBody): Request {
    const request = new Request({
      sessionId: sessionId(`0x${name[0]}`),
      cxid: Number(name.slice(1)),
      body,
      connection: connectionId(1),
      owner: undefined,
    });
    this.processor.processRequest(request);
    return request;
  }

  /** On a leader a request has its txn before it is committed. */
  propose(name: string, counter: number): Request {
    const request = this.submit(name, WRITE);
    request.txn = { ...txnAt(1, counter), sessionId: request.sessionId, cxid: request.cxid };
    request.zxid = request.txn.zxid;
    return request;
  }

  /** The txn with this counter is committed; it came from request `name`. */
  commit(name: string, counter: number): void {
    const txn = { ...txnAt(1, counter), sessionId: sessionId(`0x${name[0]}`), cxid: Number(name.slice(1)) };
    this.processor.commit(requestOf(txn));
  }

  /** Whoever went on since the last call. */
  run(): readonly string[] {
    while (this.host.woken.delete('CommitProcessor')) this.#stages.onStage('CommitProcessor');
    return this.#next.splice(0);
  }
}

function nameOf({ sessionId: id, cxid, txn, connection }: Request): string {
  const name = connection === undefined ? 'remote' : `${id.slice(2)}${cxid}`;
  return txn === undefined ? name : `${name}=${txn.zxid % 2 ** 32}`;
}

describe('which requests need a commit', () => {
  const reads = ['exists', 'getData', 'getChildren', 'getChildren2', 'setWatches', 'ping'];
  it.each(requestBodies.map((body) => [body.op, body] as const))('%s', (op, body) => {
    expect(needsCommit(body)).toBe(!reads.includes(op));
  });
});

describe('a read', () => {
  it('goes on at once', () => {
    const bench = new Bench();
    bench.submit('a1', READ);
    expect(bench.run()).toEqual(['a1']);
  });

  it('waits for its own session’s write, and overtakes those of others', () => {
    const bench = new Bench();
    bench.submit('a1', WRITE);
    bench.submit('a2', READ);
    bench.submit('b1', READ);
    expect(bench.run()).toEqual(['b1']);
    bench.commit('a1', 7);
    expect(bench.run()).toEqual(['a1=7', 'a2']);
  });

  it('behind two writes waits for both', () => {
    const bench = new Bench();
    bench.submit('a1', WRITE);
    bench.submit('a2', READ);
    bench.submit('a3', WRITE);
    bench.submit('a4', READ);
    bench.commit('a1', 7);
    expect(bench.run()).toEqual(['a1=7', 'a2']);
    bench.commit('a3', 8);
    expect(bench.run()).toEqual(['a3=8', 'a4']);
  });

  it('arrives at what was committed before its turn', () => {
    const bench = new Bench();
    bench.submit('a1', READ);
    bench.commit('b1', 7);
    expect(bench.run()).toEqual(['a1', 'remote=7']);
  });
});

describe('a committed write', () => {
  it('of another server’s client goes on without a connection', () => {
    const bench = new Bench();
    bench.submit('a1', WRITE);
    bench.commit('b1', 7);
    expect(bench.run()).toEqual(['remote=7']);
  });

  it('is not taken for another write of the same session', () => {
    const bench = new Bench();
    bench.submit('a2', WRITE);
    bench.commit('a1', 7);
    expect(bench.run()).toEqual(['remote=7']);
    bench.commit('a2', 8);
    expect(bench.run()).toEqual(['a2=8']);
  });

  it('goes on in commit order, whoever it belongs to', () => {
    const bench = new Bench();
    bench.submit('a1', WRITE);
    bench.submit('b1', WRITE);
    bench.commit('b1', 7);
    bench.commit('c1', 8);
    bench.commit('a1', 9);
    expect(bench.run()).toEqual(['b1=7', 'remote=8', 'a1=9']);
  });

  it('finds its request though both arrive at once', () => {
    const bench = new Bench();
    bench.commit('a1', 7);
    bench.submit('a1', WRITE);
    expect(bench.run()).toEqual(['a1=7']);
  });
});

describe('a sync', () => {
  it('goes on when its leader has answered it', () => {
    const bench = new Bench();
    const sync = bench.submit('a1', SYNC);
    bench.submit('a2', READ);
    expect(bench.run()).toEqual([]);
    bench.processor.commit(sync);
    expect(bench.run()).toEqual(['a1', 'a2']);
  });

  it('goes on after every write that was committed before it was answered', () => {
    const bench = new Bench();
    const sync = bench.submit('a1', SYNC);
    bench.commit('b1', 7);
    bench.commit('b2', 8);
    bench.processor.commit(sync);
    expect(bench.run()).toEqual(['remote=7', 'remote=8', 'a1']);
  });

  it('is overtaken by the COMMIT of its own session’s next write, which waits for it', () => {
    const bench = new Bench();
    const sync = bench.submit('a1', SYNC);
    bench.submit('a2', WRITE);
    bench.commit('a2', 7);
    expect(bench.run()).toEqual([]);
    bench.processor.commit(sync);
    expect(bench.run()).toEqual(['a1', 'a2=7']);
  });

  it('that was overtaken holds up whatever is committed after that write', () => {
    const bench = new Bench();
    const sync = bench.submit('a1', SYNC);
    bench.submit('a2', WRITE);
    bench.commit('b1', 6);
    bench.commit('a2', 7);
    bench.commit('b2', 8);
    expect(bench.run()).toEqual(['remote=6']);
    bench.processor.commit(sync);
    expect(bench.run()).toEqual(['a1', 'a2=7', 'remote=8']);
  });

  it('and another sync of its session go on in order', () => {
    const bench = new Bench();
    const syncs = ['a1', 'a2'].map((name) => bench.submit(name, SYNC));
    for (const sync of syncs) bench.processor.commit(sync);
    expect(bench.run()).toEqual(['a1', 'a2']);
  });
});

/** Two sessions of this server and remote writes, committed in the order in which they were submitted. */
describe('whatever arrives, and whenever the processor runs', () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ session: fc.constantFrom('a', 'b', 'remote'), isWrite: fc.boolean() }),
      fc.constantFrom('commit', 'run'),
    ),
    { maxLength: 40 },
  );

  it('each session’s requests go on in its order, and txns in commit order', () => {
    fc.assert(
      fc.property(steps, (story) => {
        const bench = new Bench();
        const proposed: string[] = [];
        const submitted: string[] = [];
        const went: string[] = [];
        let counter = 0;
        let txns = 0;
        const commit = (): void => {
          const name = proposed.shift();
          if (name !== undefined) bench.commit(name, ++txns);
        };
        for (const step of story) {
          if (step === 'run') went.push(...bench.run());
          else if (step === 'commit') commit();
          else if (step.session === 'remote') proposed.push(`f${++counter}`);
          else {
            const name = `${step.session}${++counter}`;
            bench.submit(name, step.isWrite ? WRITE : READ);
            submitted.push(name);
            if (step.isWrite) proposed.push(name);
          }
        }
        while (proposed.length > 0) commit();
        went.push(...bench.run());
        for (const session of ['a', 'b']) {
          const mine = (names: readonly string[]) =>
            names.filter((name) => name.startsWith(session)).map((name) => name.split('=')[0]);
          expect(mine(went)).toEqual(mine(submitted));
        }
        const applied = went.filter((name) => name.includes('=')).map((name) => Number(name.split('=')[1]));
        expect(applied).toEqual(Array.from({ length: txns }, (_, at) => at + 1));
      }),
    );
  });
});

describe('two clients that share a session and number their requests alike', () => {
  /** One's request came through another server and is committed first; the other's is the leader's own. */
  function order(release = DEFAULT_RELEASE): readonly string[] {
    const bench = new Bench(release);
    const own = bench.propose('a1', 8);
    bench.commit('a1', 7);
    bench.processor.commit(own);
    return bench.run();
  }

  it('keep their txns on the leader', () => {
    expect(order()).toEqual(['remote=7', 'a1=8']);
  });

  it('lost one of them to the other in older releases (ZABSIM-6)', () => {
    expect(order({ ...DEFAULT_RELEASE, commitsAreToldByTheirCxid: true })).toEqual(['a1=7', 'a1=7']);
  });
});
