import type { Stat, StatPersisted } from '../../protocol/database/stat.ts';
import type { Acl, Txn, TxnBody } from '../../protocol/database/txn.ts';
import type { Snapshot } from '../../protocol/storage/snapshot.ts';
import type { Fingerprint } from './fingerprint.ts';
import { type Mixers, mixVariant } from './variants.ts';

/** How txns, stats and snapshots are taken into a fingerprint: every field, in a fixed order. */
export const mixTxn = (into: Fingerprint, txn: Txn): void => into.shared(txn, txn.zxid, mixWholeTxn);

function mixWholeTxn(into: Fingerprint, txn: Txn): void {
  into.number(txn.zxid);
  into.text(txn.sessionId);
  into.number(txn.cxid);
  into.number(txn.time);
  mixVariant(BODIES, into, txn.body);
}

const mixCreate = (into: Fingerprint, body: TxnBody & { readonly type: 'create' | 'create2' }): void => {
  into.text(body.path);
  into.data(body.data);
  mixAcl(into, body.acl);
  into.flag(body.ephemeral);
  into.number(body.parentCVersion);
};

const BODIES: Mixers<TxnBody> = {
  create: mixCreate,
  create2: mixCreate,
  delete: (into, body) => into.text(body.path),
  setData: (into, body) => {
    into.text(body.path);
    into.data(body.data);
    into.number(body.version);
  },
  check: (into, body) => {
    into.text(body.path);
    into.number(body.version);
  },
  error: (into, body) => into.number(body.err),
  multi: (into, body) => {
    into.number(body.txns.length);
    for (const txn of body.txns) mixVariant(BODIES, into, txn);
  },
  createSession: (into, body) => into.number(body.timeOut),
  closeSession: (into, body) => into.texts(body.paths),
};

export function mixAcl(into: Fingerprint, acl: readonly Acl[]): void {
  into.number(acl.length);
  for (const entry of acl) {
    into.number(entry.perms);
    into.text(entry.scheme);
    into.text(entry.id);
  }
}

export function mixStat(into: Fingerprint, stat: Stat): void {
  mixStatPersisted(into, stat);
  into.number(stat.dataLength);
  into.number(stat.numChildren);
}

function mixStatPersisted(into: Fingerprint, stat: StatPersisted): void {
  into.number(stat.czxid);
  into.number(stat.mzxid);
  into.number(stat.pzxid);
  into.number(stat.ctime);
  into.number(stat.mtime);
  into.number(stat.version);
  into.number(stat.cversion);
  into.number(stat.aversion);
  into.text(stat.ephemeralOwner);
}

export function mixSnapshot(into: Fingerprint, snapshot: Snapshot): void {
  into.number(snapshot.zxid);
  into.number(snapshot.sessions.size);
  for (const [sessionId, timeOut] of snapshot.sessions) {
    into.text(sessionId);
    into.number(timeOut);
  }
  into.number(snapshot.nodes.length);
  for (const node of snapshot.nodes) {
    into.text(node.path);
    into.data(node.data);
    mixAcl(into, node.acl);
    mixStatPersisted(into, node.stat);
  }
}
