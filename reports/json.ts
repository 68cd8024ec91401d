import type { RunResult } from '../sim/result.ts';

/** A run as one line of JSON. Scripts rely on the fields and read them in this order; fields may be added, never renamed. */
export function runJson(result: RunResult): string {
  const { operations } = result;
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
    promises: result.promises.map(({ name, kept, checked, evidence }) => ({ name, kept, checked, evidence })),
    expectations: result.expectations.map(({ text, met, atMs, seen }) => ({ text, met, atMs, seen })),
  })}\n`;
}
