/** What JUnit's XML is written with. */
export const attribute = (name: string, value: string | number): string =>
  ` ${name}="${escaped(String(value)).replaceAll('\n', '&#10;')}"`;

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
]);
/** XML 1.0 has no way to write these, not even escaped. */
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

export const escaped = (text: string): string =>
  text.replace(FORBIDDEN, '\ufffd').replace(/[&<>"]/g, (character) => ENTITIES.get(character) ?? character);
