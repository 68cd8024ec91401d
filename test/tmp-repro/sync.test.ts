import { it } from 'vitest';
import { HandDriven } from '../support/hand-driven.ts';
import { clientPlan, ensembleOf, runPlan, serverSpecs } from '../support/plans.ts';
import { sid } from '../../protocol/ids.ts';

it.each([0.5,1,1.2,1.4,1.6,1.8,2,2.2,2.5,3])('sync %d', (ms) => {
  const servers = serverSpecs(3);
  const d = new HandDriven(
    runPlan(ensembleOf(servers), { clients: [clientPlan('c', servers.slice(2))] }), 's');
  d.untilServing();
  d.connect(0);
  d.cluster.cast.server(sid(1))?.crash('none', false);
  d.forMs(100);
  d.cluster.cast.server(sid(1))?.boot();
  const before = d.events('syncDecision').length;
  d.until(() => d.events('syncDecision').length > before);
  const c = d.client(0);
  c.run(() => { c.client.submit({ op: 'sync', path: '/' }); });
  d.forMs(ms);
  console.log('1 serving?', d.cluster.cast.server(sid(1))?.peer?.view.isServing);
  d.cluster.cast.server(sid(2))?.crash('none', false);
  d.forMs(25_000);
  console.log(JSON.stringify(d.events('answered')), JSON.stringify(d.events('stoppedServing')), d.nowMs, d.cluster.cast.leader()?.sid);
});
