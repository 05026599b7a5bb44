/** What a command is run with: its arguments and options, the environment, and where its answer goes. */

export interface Call {
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** The one answer of a command: a document with --json, else a text. Both go to standard output. */
  readonly answer: (document: unknown, text: string) => void;
}

export type Run = (call: Call) => Promise<void>;

/** An option's text; undefined where it was not given. */
export function optionText({ options }: Call, name: string): string | undefined {
  const value = options[name];
  return typeof value === "string" ? value : undefined;
}

/** Whether an option was given, or its --no- form; undefined where neither was. */
export function optionClaim({ options }: Call, name: string): boolean | undefined {
  const value = options[name];
  return typeof value === "boolean" ? value : undefined;
}

/** The texts of an option that may be repeated; none where it was not given. */
export function optionTexts({ options }: Call, name: string): readonly string[] {
  const value: unknown = options[name];
  return Array.isArray(value) ? value.map(String) : [];
}

/** The argument at an index; commander has seen to it that required ones are there. */
export const argument = ({ args }: Call, index: number): string => args[index] ?? "";
