/**
 * Texts of a scenario that change with each repetition: `{n}` is the repetition from 1, `{client}` the client's name. A template
 * is taken apart once, so that a repetition only joins its pieces.
 */
export type Template = (n: number) => string;

export const hasRepetition = (source: string): boolean => source.includes('{n}');

export function compileTemplate(source: string, client: string): Template {
  const pieces = source.split('{n}').map((piece) => piece.replaceAll('{client}', () => client));
  return (n) => pieces.join(String(n));
}
