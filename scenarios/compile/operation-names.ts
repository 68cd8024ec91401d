import type { OpName } from '../../protocol/client-packets.ts';
import type { WrittenOperationName } from '../schema/expectations.ts';

/** Operations by the words of a scenario, and what they are on the wire. */
const WRITES: readonly OpName[] = ['create', 'create2', 'setData', 'delete', 'multi'];
const READS: readonly OpName[] = ['getData', 'exists', 'getChildren', 'getChildren2'];
export const OPERATION_NAMES: Readonly<Record<WrittenOperationName, readonly OpName[]>> = {
  create: ['create', 'create2'],
  set: ['setData'],
  delete: ['delete'],
  get: ['getData'],
  exists: ['exists'],
  children: ['getChildren', 'getChildren2'],
  sync: ['sync'],
  multi: ['multi'],
  close: ['closeSession'],
  reads: READS,
  writes: WRITES,
  all: [...WRITES, ...READS, 'sync', 'closeSession'],
};
