/**
 * The tree of znodes (server/DataTree), changed by nothing but txns. A snapshot is fuzzy: it is taken while txns go on applying, and
 * whoever loads it replays the txns after its zxid over nodes that may already show them. So applying is idempotent: values are
 * absolute, counters only rise, and a create that finds its node or a delete that misses it still does its part to the parent.
 *
 * Differs: where the replay of a create finds the node, it also lists it under its parent again. ZooKeeper loses it there:
 * 1. after the snapshot began, /p is deleted, created again and gets a child /p/c; then the snapshot reads both;
 * 2. the replay deletes /p, which leaves /p/c behind, and creates /p anew without children;
 * 3. the replay of create /p/c answers NODEEXISTS, and getChildren /p never shows c again.
 */
import { defined } from '../assert.ts';
import { ErrorCode } from '../errors.ts';
import { NO_SESSION, type SessionId } from '../ids.ts';
import type { Snapshot } from '../storage/snapshot.ts';
import { NO_TXNS, type Zxid } from '../zxid.ts';
import { READ_ACL_UNSAFE } from './acl.ts';
import { failed, multiResult, succeeded, type ApplyResult } from './apply-result.ts';
import { DataNode } from './data-node.ts';
import { addDigest, removeDigest } from './digest.ts';
import { Ephemerals } from './ephemerals.ts';
import { CONFIG_NODE, PROC_NODE, QUOTA_NODE, ROOT, childName, parentPath } from './path.ts';
import type { Stat, StatPersisted } from './stat.ts';
import {
  OPEN_ACL_UNSAFE,
  type CloseSessionTxn,
  type CreateTxn,
  type SetDataTxn,
  type Txn,
  type TxnBody,
} from './txn.ts';
import { WatchManager, type WatchSink } from './watch-manager.ts';

const NO_DATA = new Uint8Array(0);

export class DataTree {
  /** The last txn that was applied. A new leader sets it to (epoch, 0). */
  lastProcessedZxid: Zxid = NO_TXNS;
  readonly watches: WatchManager;
  /** The root is here twice, as `''` and as `/`, and nodeCount counts it twice, as ZooKeeper's does. */
  readonly #nodes = new Map<string, DataNode>();
  readonly #ephemerals = new Ephemerals();
  #digest = 0;

  /** A tree as ZooKeeper begins with it: the root and /zookeeper with quota and config. */
  constructor(watches: WatchSink) {
    this.watches = new WatchManager(watches);
    this.#insert(ROOT, new DataNode(ROOT, NO_DATA, OPEN_ACL_UNSAFE, systemStat(0)));
    this.#adopt(PROC_NODE, new DataNode(PROC_NODE, NO_DATA, OPEN_ACL_UNSAFE, systemStat(0)));
    this.#adopt(QUOTA_NODE, new DataNode(QUOTA_NODE, NO_DATA, OPEN_ACL_UNSAFE, systemStat(0)));
    this.#adopt(CONFIG_NODE, new DataNode(CONFIG_NODE, NO_DATA, READ_ACL_UNSAFE, systemStat(-1)));
  }

  /** A tree as a snapshot has it (DataTree.deserialize). Its zxid is lastProcessedZxid. */
  static load(snapshot: Snapshot, watches: WatchSink): DataTree {
    const tree = new DataTree(watches);
    tree.#clear();
    for (const { path, data, acl, stat } of snapshot.nodes) {
      const node = new DataNode(path, data, acl, stat);
      if (path === ROOT) tree.#insert(path, node);
      else tree.#adopt(path, node);
      tree.#ephemerals.add(stat.ephemeralOwner, path);
    }
    tree.lastProcessedZxid = snapshot.zxid;
    return tree;
  }

  get nodeCount(): number {
    return this.#nodes.size;
  }

  /** Sum over all nodes; equal trees have equal digests. Exact, in [0, 2⁵²). */
  get digest(): number {
    return this.#digest;
  }

  /** By its literal path; `''` is the root too. */
  getNode(path: string): DataNode | undefined {
    return this.#nodes.get(path);
  }

  statOf(path: string): Stat | undefined {
    return this.#nodes.get(path)?.stat();
  }

  /** Names in code unit order (ZooKeeper gives them in none). Undefined: no such node. */
  children(path: string): readonly string[] | undefined {
    const node = this.#nodes.get(path);
    return node === undefined ? undefined : [...node.children].sort(byName);
  }

  /** The session's ephemeral nodes, in the order in which they were created (or loaded). */
  getEphemerals(session: SessionId): ReadonlySet<string> {
    return this.#ephemerals.of(session);
  }

  /** Sessions that own ephemeral nodes. */
  get sessionsWithEphemerals(): readonly SessionId[] {
    return this.#ephemerals.sessions;
  }

  /**
   * ZKDatabase.initConfigInZKDatabase: writes /zookeeper/config outside of any txn, with zxid 0 and version −1. It doesn't count in the
   * digest; `mtime` (ms since 1970) is the server's own clock there.
   */
  setConfig(text: string, mtime = 0): void {
    const node = this.#nodes.get(CONFIG_NODE);
    if (node === undefined) return;
    node.setData(new TextEncoder().encode(text));
    node.version = -1;
    node.mtime = mtime;
  }

  /** DataTree.processTxn. lastProcessedZxid follows when the whole txn is applied, a multi included. */
  applyTxn(txn: Txn): ApplyResult {
    const result = this.#apply(txn, txn.body);
    if (txn.zxid > this.lastProcessedZxid) this.lastProcessedZxid = txn.zxid;
    return result;
  }

  /**
   * DataTree.killSession. The order of deletions is the txn's list; then whatever else the session still owns here. Each
   * deletion fires its own watches.
   */
  killSession(session: SessionId, zxid: Zxid, paths: readonly string[]): void {
    for (const path of paths) this.#delete(path, zxid);
    for (const path of [...this.#ephemerals.of(session)]) this.#delete(path, zxid);
    this.#ephemerals.removeSession(session);
  }

  #apply(txn: Txn, body: TxnBody): ApplyResult {
    switch (body.type) {
      case 'create':
      case 'create2':
        return this.#applyCreate(txn, body);
      case 'delete':
        return this.#applyDelete(txn, body.path);
      case 'setData':
        return this.#applySetData(txn, body);
      case 'check':
        return succeeded(body.type, body.path);
      case 'error':
        return failed(body.type, body.err);
      case 'multi':
        return multiResult(body.txns.map((sub) => this.#apply(txn, sub)));
      case 'createSession':
        return succeeded(body.type);
      case 'closeSession':
        return this.#applyCloseSession(txn, body);
    }
  }

  /** DataTree.createNode. */
  #applyCreate(txn: Txn, body: CreateTxn): ApplyResult {
    const parentName = parentPath(body.path);
    const parent = this.#nodes.get(parentName);
    if (parent === undefined) return failed(body.type, ErrorCode.NONODE, body.path);
    this.#raiseCversion(parent, body.parentCVersion, txn.zxid);
    parent.addChild(childName(body.path));
    const existing = this.#nodes.get(body.path);
    if (existing !== undefined) {
      existing.acl = body.acl;
      return failed(body.type, ErrorCode.NODEEXISTS, body.path);
    }
    const node = new DataNode(body.path, body.data, body.acl, createdStat(txn, body.ephemeral));
    this.#insert(body.path, node);
    this.#ephemerals.add(node.ephemeralOwner, body.path);
    this.watches.nodeCreated(body.path, parentName, txn.zxid);
    return succeeded(body.type, body.path, body.type === 'create2' ? node.stat() : undefined);
  }

  #applyDelete(txn: Txn, path: string): ApplyResult {
    const err = this.#delete(path, txn.zxid);
    return err === ErrorCode.OK ? succeeded('delete', path) : failed('delete', err, path);
  }

  /** DataTree.setData. */
  #applySetData(txn: Txn, body: SetDataTxn): ApplyResult {
    const node = this.#nodes.get(body.path);
    if (node === undefined) return failed(body.type, ErrorCode.NONODE, body.path);
    node.setData(body.data);
    node.mtime = txn.time;
    node.mzxid = txn.zxid;
    node.version = body.version;
    this.#changed(node);
    const stat = node.stat();
    this.watches.nodeDataChanged(body.path, txn.zxid);
    return succeeded(body.type, body.path, stat);
  }

  #applyCloseSession(txn: Txn, body: CloseSessionTxn): ApplyResult {
    this.killSession(txn.sessionId, txn.zxid, body.paths);
    return succeeded(body.type);
  }

  /** DataTree.deleteNode. The parent learns of it even when the node is gone already: the txn is being replayed. */
  #delete(path: string, zxid: Zxid): ErrorCode {
    const parentName = parentPath(path);
    const parent = this.#nodes.get(parentName);
    if (parent === undefined) return ErrorCode.NONODE;
    parent.removeChild(childName(path));
    if (zxid > parent.pzxid) {
      parent.pzxid = zxid;
      this.#changed(parent);
    }
    const node = this.#nodes.get(path);
    if (node === undefined) return ErrorCode.NONODE;
    this.#remove(path, node);
    this.watches.nodeDeleted(path, parentName, zxid);
    return ErrorCode.OK;
  }

  /** Only ever up: a replayed create must not take back what later txns did (DataTree.setCversionPzxid). */
  #raiseCversion(parent: DataNode, cversion: number, zxid: Zxid): void {
    if (cversion <= parent.cversion) return;
    parent.cversion = cversion;
    parent.pzxid = zxid;
    this.#changed(parent);
  }

  /** Adds a node and lists it under its parent, which must be there. */
  #adopt(path: string, node: DataNode): void {
    defined(this.#nodes.get(parentPath(path)), "a loaded node's parent").addChild(childName(path));
    this.#insert(path, node);
  }

  #insert(path: string, node: DataNode): void {
    if (path === ROOT) this.#nodes.set('', node);
    this.#nodes.set(path, node);
    this.#digest = addDigest(this.#digest, node.digest);
  }

  #remove(path: string, node: DataNode): void {
    this.#nodes.delete(path);
    this.#digest = removeDigest(this.#digest, node.digest);
    this.#ephemerals.remove(node.ephemeralOwner, path);
  }

  #changed(node: DataNode): void {
    const before = node.digest;
    node.refreshDigest();
    this.#digest = addDigest(removeDigest(this.#digest, before), node.digest);
  }

  #clear(): void {
    this.#nodes.clear();
    this.#digest = 0;
  }
}

const byName = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const createdStat = (txn: Txn, ephemeral: boolean): StatPersisted => ({
  czxid: txn.zxid,
  mzxid: txn.zxid,
  ctime: txn.time,
  mtime: txn.time,
  version: 0,
  cversion: 0,
  aversion: 0,
  ephemeralOwner: ephemeral ? txn.sessionId : NO_SESSION,
  pzxid: txn.zxid,
});

/** The config node's ACL counts as set once to version −1. */
const systemStat = (aversion: number): StatPersisted => ({
  czxid: NO_TXNS,
  mzxid: NO_TXNS,
  ctime: 0,
  mtime: 0,
  version: 0,
  cversion: 0,
  aversion,
  ephemeralOwner: NO_SESSION,
  pzxid: NO_TXNS,
});
