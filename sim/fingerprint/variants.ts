import type { Fingerprint } from './fingerprint.ts';

/** The member of a union whose `type` is, or may be, T. */
export type Variant<Union extends { readonly type: string }, T extends Union['type']> = Union extends {
  readonly type: infer U;
}
  ? T extends U
    ? Union
    : never
  : never;

/** How each member of a union is taken into a fingerprint: a new member without an entry does not compile. */
export type Mixers<Union extends { readonly type: string }> = {
  readonly [T in Union['type']]: (into: Fingerprint, value: Variant<Union, T>) => void;
};

/** Its type, then its fields in the order of the table. */
export function mixVariant<Union extends { readonly type: string }>(
  mixers: Mixers<Union>,
  into: Fingerprint,
  value: Union,
): void {
  // The entry under a value's own type takes that value; TypeScript cannot correlate the two.
  const mixer: (into: Fingerprint, value: never) => void = mixers[value.type as Union['type']];
  into.text(value.type);
  mixer(into, value as never);
}
