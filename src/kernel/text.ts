/** Lengths of texts as people, and JSON schemas, count them: in characters (code points), not in units of UTF-16. */

/** Whether a text has at most so many characters; a character is one unit or two. */
export const isWithinLength = (text: string, charactersMax: number): boolean =>
  text.length <= charactersMax || (text.length <= 2 * charactersMax && Array.from(text).length <= charactersMax);
