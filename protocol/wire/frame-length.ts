/**
 * How long a client's frame would be on the wire (zookeeper.jute), so that the limit on frames holds although nothing is encoded here. A
 * string is its UTF-8 bytes after an int, a buffer its bytes after an int, a vector its elements after an int.
 */
import type { ClientPacket, MultiOp, RequestBody } from '../client-packets.ts';
import type { Acl, Data } from '../database/txn.ts';

/** jute.maxbuffer: a server closes the connection on a longer frame. This length is still accepted. */
export const MAX_FRAME_LENGTH = 0xfffff;

const INT = 4;
const LONG = 8;
const BOOLEAN = 1;
const REQUEST_HEADER = INT + INT;
const MULTI_HEADER = INT + BOOLEAN + INT;

/** Bytes after the length word. */
export const frameLength = (packet: ClientPacket): number =>
  packet.type === 'connectRequest'
    ? INT + LONG + INT + LONG + INT + packet.passwd.length / 2 + BOOLEAN
    : REQUEST_HEADER + bodyLength(packet.body);

function bodyLength(body: RequestBody): number {
  switch (body.op) {
    case 'create':
    case 'create2':
    case 'delete':
    case 'setData':
    case 'check':
      return opLength(body);
    case 'multi':
      return body.ops.reduce((sum, op) => sum + MULTI_HEADER + opLength(op), MULTI_HEADER);
    case 'exists':
    case 'getData':
    case 'getChildren':
    case 'getChildren2':
      return stringLength(body.path) + BOOLEAN;
    case 'sync':
      return stringLength(body.path);
    case 'setWatches':
      return LONG + [body.dataWatches, body.existWatches, body.childWatches].reduce(addStrings, 0);
    case 'createSession':
      return INT;
    case 'ping':
    case 'closeSession':
      return 0;
  }
}

function opLength(op: MultiOp): number {
  switch (op.op) {
    case 'create':
    case 'create2':
      return stringLength(op.path) + bufferLength(op.data) + aclLength(op.acl) + INT;
    case 'setData':
      return stringLength(op.path) + bufferLength(op.data) + INT;
    case 'delete':
    case 'check':
      return stringLength(op.path) + INT;
  }
}

const addStrings = (sum: number, strings: readonly string[]): number =>
  strings.reduce((length, string) => length + stringLength(string), sum + INT);

const bufferLength = (data: Data): number => INT + (data === null ? 0 : data.length);

const aclLength = (acl: readonly Acl[]): number =>
  acl.reduce((sum, entry) => sum + INT + stringLength(entry.scheme) + stringLength(entry.id), INT);

/** An int and the UTF-8 bytes. */
function stringLength(text: string): number {
  let length = INT + text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    // Each half of a surrogate pair stands for two of the pair's four bytes.
    length += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return length;
}
