import type { MultiResult, OpName, ReplyBody, RequestBody } from '../../protocol/client-packets.ts';
import { mixAcl, mixStat } from './txns.ts';
import type { Fingerprint } from './fingerprint.ts';
import { type Mixers, mixVariant } from './variants.ts';

/** How what clients ask and are answered is taken into a fingerprint. */
export function mixRequestBody(into: Fingerprint, body: RequestBody): void {
  // As in mixVariant; requests are told apart by `op`.
  const mixer: (into: Fingerprint, body: never) => void = BODIES[body.op];
  into.text(body.op);
  into.flag('malformed' in body);
  mixer(into, body as never);
}

type BodyOf<Op extends OpName, Body = RequestBody> = Body extends { readonly op: infer U }
  ? Op extends U
    ? Body
    : never
  : never;

const mixCreate = (into: Fingerprint, body: BodyOf<'create'>): void => {
  into.text(body.path);
  into.data(body.data);
  mixAcl(into, body.acl);
  into.number(body.flags);
};

const mixRead = (into: Fingerprint, body: BodyOf<'getData'>): void => {
  into.text(body.path);
  into.flag(body.watch);
};

const mixVersioned = (into: Fingerprint, body: BodyOf<'delete' | 'check'>): void => {
  into.text(body.path);
  into.number(body.version);
};

const BODIES: { readonly [Op in OpName]: (into: Fingerprint, body: BodyOf<Op>) => void } = {
  create: mixCreate,
  create2: mixCreate,
  delete: mixVersioned,
  check: mixVersioned,
  setData: (into, body) => {
    into.text(body.path);
    into.data(body.data);
    into.number(body.version);
  },
  multi: (into, body) => {
    into.number(body.ops.length);
    for (const op of body.ops) mixRequestBody(into, op);
  },
  exists: mixRead,
  getData: mixRead,
  getChildren: mixRead,
  getChildren2: mixRead,
  sync: (into, body) => into.text(body.path),
  ping: () => undefined,
  setWatches: (into, body) => {
    into.number(body.relativeZxid);
    into.texts(body.dataWatches);
    into.texts(body.existWatches);
    into.texts(body.childWatches);
  },
  createSession: (into, body) => into.number(body.timeOut),
  closeSession: () => undefined,
};

export function mixReplyBody(into: Fingerprint, body: ReplyBody): void {
  if (into.present(body.path)) into.text(body.path);
  if (into.present(body.stat)) mixStat(into, body.stat);
  if (into.present(body.data)) into.data(body.data);
  if (into.present(body.children)) into.texts(body.children);
  if (into.present(body.results)) {
    into.number(body.results.length);
    for (const result of body.results) mixVariant(RESULTS, into, result);
  }
}

const RESULTS: Mixers<MultiResult> = {
  create: (into, result) => into.text(result.path),
  create2: (into, result) => {
    into.text(result.path);
    mixStat(into, result.stat);
  },
  setData: (into, result) => mixStat(into, result.stat),
  delete: () => undefined,
  check: () => undefined,
  error: (into, result) => into.number(result.err),
};
