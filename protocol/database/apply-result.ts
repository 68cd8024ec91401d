import type { Stat } from './stat.ts';
import type { TxnBody } from './txn.ts';
import { ErrorCode } from '../errors.ts';

/** What a txn did to the tree, as far as the reply needs it (DataTree.ProcessTxnResult). */
export interface ApplyResult {
  readonly type: TxnBody['type'];
  /**
   * The code of an error txn. Otherwise OK, or NODEEXISTS or NONODE when a replay over a fuzzy snapshot meets its own later
   * effects; a multi's is its first sub-txn's that isn't OK.
   */
  readonly err: number;
  readonly path: string | undefined;
  /** Right after this txn or sub-txn: of create2 and setData. */
  readonly stat: Stat | undefined;
  /** A multi's, one a sub-txn. */
  readonly results: readonly ApplyResult[] | undefined;
}

type Type = ApplyResult['type'];

export const succeeded = (type: Type, path?: string, stat?: Stat): ApplyResult => ({
  type,
  err: ErrorCode.OK,
  path,
  stat,
  results: undefined,
});

export const failed = (type: Type, err: number, path?: string): ApplyResult => ({
  type,
  err,
  path,
  stat: undefined,
  results: undefined,
});

export const multiResult = (results: readonly ApplyResult[]): ApplyResult => ({
  type: 'multi',
  err: results.find((result) => result.err !== ErrorCode.OK)?.err ?? ErrorCode.OK,
  path: undefined,
  stat: undefined,
  results,
});
