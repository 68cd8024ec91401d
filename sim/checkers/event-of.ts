import type { TraceEvent, TraceEventType } from '../trace-events.ts';

/** The trace event of one type. */
export type EventOf<T extends TraceEventType> = Extract<TraceEvent, { readonly type: T }>;
