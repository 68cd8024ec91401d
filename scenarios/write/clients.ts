import { FOR_EVER } from '../../sim/plan-defaults.ts';
import { distributionWords } from '../../sim/plan-text/distributions.ts';
import type { Flow, FlowMap } from '../../sim/plan-text/flow.ts';
import type { NameOf } from '../../sim/plan-text/names.ts';
import { sizeText, timeText } from '../../sim/plan-text/quantities.ts';
import type { Activity, ClientPlan, DataPlan, OperationPlan } from '../../sim/client-plan.ts';
import type { RunPlan } from '../../sim/plan.ts';
import { DEFAULT_SESSION_MS } from '../compile/clients.ts';
import { block, item, type Lines, pair, pairs } from './lines.ts';

export const clientLines = (plan: RunPlan, nameOf: NameOf): Lines =>
  block(
    'clients',
    plan.clients.flatMap((client) => {
      const lines = [
        ...pairs(optionWords(client, plan, nameOf)),
        ...block(
          'does',
          client.activities.map((activity) => item(activityWords(activity, client, plan))),
        ),
      ];
      return lines.length === 0 ? [pair(client.name, {})] : block(client.name, lines);
    }),
  );

function optionWords(client: ClientPlan, { ensemble }: RunPlan, nameOf: NameOf): FlowMap {
  const { servers, sessionTimeoutMs, reads, autoWatchReset, firstXid, startMs } = client;
  const reachable = ensemble.servers.filter((server) => server.clientPort > 0);
  const hasAll =
    servers.length === reachable.length && servers.every((sid, index) => sid === reachable[index]?.sid);
  return {
    servers: hasAll ? undefined : servers.map(nameOf),
    session: sessionTimeoutMs === DEFAULT_SESSION_MS ? undefined : timeText(sessionTimeoutMs),
    reads: reads === 'local' ? undefined : reads,
    disableAutoWatchReset: autoWatchReset === false ? true : undefined,
    firstXid,
    start: startMs === 0 ? undefined : timeText(startMs),
  };
}

function activityWords(activity: Activity, client: ClientPlan, plan: RunPlan): Flow {
  const { startMs, repeat, operation } = activity;
  const start = startMs === client.startMs ? undefined : timeText(startMs);
  if (repeat.kind === 'once') return { at: start, ...operationWords(operation) };
  return {
    every: repeat.kind === 'every' ? distributionWords(repeat.interval) : undefined,
    backToBack: repeat.kind === 'backToBack' ? repeat.inFlight : undefined,
    from: start,
    until: repeat.untilMs === plan.durationMs ? undefined : timeText(repeat.untilMs),
    times: repeat.times === FOR_EVER ? undefined : repeat.times,
    ...operationWords(operation),
  };
}

function operationWords(operation: OperationPlan): FlowMap {
  switch (operation.op) {
    case 'create': {
      const { path, data, ephemeral, sequential } = operation;
      return {
        create: path,
        ...dataWords(data),
        ephemeral: trueOrNot(ephemeral),
        sequential: trueOrNot(sequential),
      };
    }
    case 'setData':
      return {
        set: operation.path,
        ...dataWords(operation.data),
        version: versionOrNot(operation.version),
      };
    case 'delete':
      return { delete: operation.path, version: versionOrNot(operation.version) };
    case 'check':
      return { check: operation.path, version: operation.version };
    case 'multi':
      return { multi: operation.ops.map(operationWords) };
    case 'exists':
      return { exists: operation.path, watch: trueOrNot(operation.watch) };
    case 'getData':
      return { get: operation.path, watch: trueOrNot(operation.watch) };
    case 'getChildren':
      return { children: operation.path, watch: trueOrNot(operation.watch) };
    case 'sync':
      return { sync: operation.path };
    case 'close':
      return { close: 'session' };
  }
}

function dataWords(data: DataPlan): FlowMap {
  switch (data.kind) {
    case 'none':
      return {};
    case 'text':
      return { data: data.text };
    case 'size':
      return { size: sizeText(data.bytes) };
  }
}

const trueOrNot = (flag: boolean): true | undefined => (flag ? true : undefined);
const versionOrNot = (version: number): number | undefined => (version === -1 ? undefined : version);
