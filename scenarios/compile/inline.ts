/** Data as YAML would write it in one line: for the text by which reports call a fault or an expectation. */
export function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const pairs = Object.entries(value).map(([key, inner]) => `${key}: ${inline(inner)}`);
  return `{ ${pairs.join(', ')} }`;
}

/** As `inline`, without the braces, and without the keys in `except`. */
export function inlineEntry(value: unknown, except: readonly string[]): string {
  const pairs = Object.entries(value as Readonly<Record<string, unknown>>);
  return pairs
    .filter(([key]) => !except.includes(key))
    .map(([key, inner]) => `${key}: ${inline(inner)}`)
    .join(', ');
}
