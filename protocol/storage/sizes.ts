import type { Txn } from '../database/txn.ts';
import type { Snapshot } from './snapshot.ts';

/** Bytes on disk, roughly: enough to compare a log with a snapshot, and for a disk of limited throughput. */
const HEADER_BYTES = 45;
const STAT_BYTES = 68;

export function sizeOfTxn(txn: Txn): number {
  const { body } = txn;
  switch (body.type) {
    case 'create':
    case 'create2':
      return HEADER_BYTES + body.path.length + (body.data?.length ?? 0) + 36;
    case 'setData':
      return HEADER_BYTES + body.path.length + (body.data?.length ?? 0) + 12;
    case 'delete':
    case 'check':
      return HEADER_BYTES + body.path.length + 8;
    case 'multi':
      return body.txns.reduce((bytes, sub) => bytes + sizeOfTxn({ ...txn, body: sub }), HEADER_BYTES);
    case 'createSession':
    case 'error':
      return HEADER_BYTES + 4;
    case 'closeSession':
      return body.paths.reduce((bytes, path) => bytes + 4 + path.length, HEADER_BYTES);
  }
}

export const sizeOfSnapshot = (snapshot: Snapshot): number =>
  snapshot.nodes.reduce((bytes, node) => bytes + STAT_BYTES + node.path.length + (node.data?.length ?? 0), 0);
