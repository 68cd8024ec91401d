import type { RunResult } from '../sim/result.ts';
import type { RunRecord } from './run-record.ts';

/** A run as one line of JSON. Scripts rely on the fields and read them in this order; fields may be added, never renamed. */
export function runJson(result: RunResult, drawn?: RunRecord['drawn']): string {
  const { operations, liveness } = result;
  return `${JSON.stringify({
    scenario: result.scenario,
    seed: result.seed,
    version: result.version,
    verdict: result.verdict,
    fingerprint: result.fingerprint,
    virtualMs: result.virtualMs,
    wallMs: result.wallMs,
    events: result.events,
    messages: result.messages,
    operations: { ok: operations.ok, failed: operations.failed, unknown: operations.unknown },
    leaders: result.leaders.map(({ epoch, sid, atMs }) => ({ epoch, sid, atMs })),
    servers: result.servers.map(({ sid, name, state, zabState, lastZxid, digest }) => ({
      sid,
      state,
      zabState,
      lastZxid,
      digest,
      name,
    })),
    promises: result.promises.map(
      ({ name, kept, checked, evidence, voidedBy, unknown, knownGap, slice, atMs }) => ({
        name,
        kept,
        checked,
        evidence,
        voidedBy,
        unknown,
        knownGap,
        slice,
        atMs,
      }),
    ),
    expectations: result.expectations.map(({ text, met, atMs, seen }) => ({ text, met, atMs, seen })),
    liveness: { live: liveness.live, atMs: liveness.atMs, excuse: liveness.excuse },
    faults: result.faults.map(({ text, kind, cause, atMs, endedAtMs, struck }) => ({
      text,
      kind,
      cause,
      atMs,
      endedAtMs,
      struck,
    })),
    outsideModel: result.outsideModel.map(({ fault, atMs, promises }) => ({ fault, atMs, promises })),
    release: result.release,
    drawn: drawn && Object.fromEntries(drawn),
  })}\n`;
}
