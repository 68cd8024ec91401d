import { describe, expect, it } from 'vitest';
import type { Notification } from '../../../protocol/packets.ts';
import type { Party } from '../../../sim/party.ts';
import type { Target } from '../../../sim/fault-plan.ts';
import { PERFECT_NETWORK } from '../../../sim/plan-defaults.ts';
import { Ensemble } from '../../support/ensemble.ts';
import { disconnect, serverTarget } from '../../support/faults.ts';
import { ensembleOf, runPlan, serverSpecs } from '../../support/plans.ts';

const SERVERS = serverSpecs(3);
const ONE = serverTarget(1);
const ALL: Target = { kind: 'allServers' };

/** Election messages that one server got from another, in order. */
const notifications = (ensemble: Ensemble, from: Party, to: Party, since = 0): readonly Notification[] =>
  ensemble
    .records('delivered', to, since)
    .filter(({ event }) => event.from === from)
    .flatMap(({ event }) => (event.packet.type === 'notification' ? [event.packet] : []));

// SendWorker sends lastMessageSent again when it begins with nothing to send. It is the only thing in an ensemble that arrives twice.
describe('an election message', () => {
  it('arrives again on the next connection, long after the election that it was meant for', () => {
    const ensemble = new Ensemble(runPlan(ensembleOf(SERVERS)));
    ensemble.untilServing();
    ensemble.forMs(500);
    const before = [2, 3].map((from) => notifications(ensemble, from, 1).at(-1));
    const since = ensemble.all.length;
    ensemble.strike(disconnect([[ONE], [ALL]]));
    ensemble.forMs(1000);
    const after = [2, 3].map((from) => notifications(ensemble, from, 1, since)[0]);
    expect(after).toEqual(before);
    // They say LOOKING, in the first round; whoever sends them follows or leads, and says so right afterwards.
    expect(after).toMatchObject([
      { state: 'LOOKING', electionEpoch: 1 },
      { state: 'LOOKING', electionEpoch: 1 },
    ]);
    const last = [2, 3].map((from) => notifications(ensemble, from, 1, since).at(-1));
    expect(last).toMatchObject([{ state: 'FOLLOWING' }, { state: 'LEADING' }]);
    ensemble.until(() => ensemble.server(1).peer?.view.isServing === true);
    expect(ensemble.leader.sid).toBe(3);
  });

  it('never arrives again after a newer one: the older connection is closed before the newer is read', () => {
    const latency = { kind: 'uniform', minMs: 0, maxMs: 150 } as const;
    const network = { ...PERFECT_NETWORK, latency, jitter: { ...latency, maxMs: 100 }, loss: 0.02 };
    const ensemble = new Ensemble(runPlan(ensembleOf(SERVERS, { tickTime: 200 }), { network }));
    for (let n = 0; n < 60; n++) {
      ensemble.forMs(700);
      ensemble.strike(disconnect([[serverTarget(1 + (n % 3))], [ALL]]), n);
    }
    const received = [1, 2, 3].flatMap((from) => [1, 2, 3].map((to) => notifications(ensemble, from, to)));
    let again = 0;
    for (const messages of received) {
      // A message that is sent again is the same object.
      messages.forEach((message, i) => {
        if (messages.indexOf(message) === i) return;
        expect(messages[i - 1]).toBe(message);
        again++;
      });
    }
    expect(again).toBeGreaterThan(10);
    expect(ensemble.events('roundStarted').length).toBeGreaterThan(20);
  });
});
