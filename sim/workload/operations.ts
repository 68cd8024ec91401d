/**
 * From what a scenario says a client does to what it asks of ZooKeeper. What does not change from one repetition to the next is
 * built once and shared: requests are never modified.
 */
import { assert } from '../../protocol/assert.ts';
import type { CreateRequest, MultiOp, RequestBody } from '../../protocol/client-packets.ts';
import { type Data, OPEN_ACL_UNSAFE } from '../../protocol/database/txn.ts';
import type { DataPlan, OperationPlan } from '../client-plan.ts';
import { compileTemplate, hasRepetition } from './template.ts';

/** The n-th repetition's request, n from 1. */
export type Operation = (n: number) => RequestBody;

type CreatePlan = Extract<OperationPlan, { op: 'create' }>;

/**
 * Creates are create2, whose answers carry the new znode's Stat: the more an answer says, the more of it is checked. `close`
 * becomes closeSession.
 */
export function compileOperation(plan: OperationPlan, client: string): Operation {
  const build = builder(plan, client);
  if (texts(plan).some(hasRepetition)) return build;
  const body = build(1);
  return () => body;
}

function texts(plan: OperationPlan): string[] {
  if (plan.op === 'close') return [];
  if (plan.op === 'multi') return plan.ops.flatMap(texts);
  return 'data' in plan && plan.data.kind === 'text' ? [plan.path, plan.data.text] : [plan.path];
}

function builder(plan: OperationPlan, client: string): Operation {
  switch (plan.op) {
    case 'multi': {
      const ops = plan.ops.map((op) => builder(op, client));
      return (n) => ({ op: 'multi', ops: ops.map((op) => asMultiOp(op(n))) });
    }
    case 'close':
      return () => ({ op: 'closeSession' });
    default:
      return onPath(plan, client);
  }
}

function onPath(plan: Exclude<OperationPlan, { op: 'multi' | 'close' }>, client: string): Operation {
  const path = compileTemplate(plan.path, client);
  switch (plan.op) {
    case 'create':
      return create(plan, client);
    case 'setData': {
      const data = compileData(plan.data, client);
      return (n) => ({ op: 'setData', path: path(n), data: data(n), version: plan.version });
    }
    case 'delete':
    case 'check':
      return (n) => ({ op: plan.op, path: path(n), version: plan.version });
    case 'exists':
    case 'getData':
    case 'getChildren':
      return (n) => ({ op: plan.op, path: path(n), watch: plan.watch });
    case 'sync':
      return (n) => ({ op: 'sync', path: path(n) });
  }
}

function create(plan: CreatePlan, client: string): (n: number) => CreateRequest {
  const path = compileTemplate(plan.path, client);
  const data = compileData(plan.data, client);
  const flags = (plan.ephemeral ? 1 : 0) + (plan.sequential ? 2 : 0);
  return (n) => ({ op: 'create2', path: path(n), data: data(n), acl: OPEN_ACL_UNSAFE, flags });
}

/** Text as UTF-8; a size as that many letters, the same in every run. */
function compileData(plan: DataPlan, client: string): (n: number) => Data {
  switch (plan.kind) {
    case 'none':
      return () => null;
    case 'text': {
      const text = compileTemplate(plan.text, client);
      const encoder = new TextEncoder();
      return (n) => encoder.encode(text(n));
    }
    case 'size': {
      const letters = Uint8Array.from({ length: plan.bytes }, (_, index) => LETTER_A + (index % 26));
      return () => letters;
    }
  }
}

const LETTER_A = 'a'.charCodeAt(0);

function asMultiOp(body: RequestBody): MultiOp {
  switch (body.op) {
    case 'create':
    case 'create2':
    case 'delete':
    case 'setData':
    case 'check':
      return body;
    default:
      assert(false, `${body.op} cannot be part of a multi`);
  }
}
