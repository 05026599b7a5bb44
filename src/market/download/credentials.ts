/** Keys come from the environment alone: not from the command line, where others see them, nor from a file of ours. */
import { AppError } from "../../kernel/index.ts";

export interface Credentials {
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Never printed or written, also where the provider repeats them. */
  readonly secrets: readonly string[];
  /** The names of the variables that they come from. */
  readonly source: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const KEY = /^[\x21-\x7e]{1,512}$/;

/** The value of the first of some variables that is set. Throws AppError "bad_argument"; never shows a value. */
export function secretOf(env: Environment, ...names: readonly string[]): string {
  const name = names.find((one) => (env[one] ?? "") !== "");
  const all = names.join(" or ");
  if (name === undefined) {
    throw new AppError("bad_argument", `${all} is not set: the provider's key is read from the environment`);
  }
  const value = env[name] ?? "";
  // Checked here, since what refuses it later would show it.
  if (KEY.test(value)) return value;
  throw new AppError("bad_argument", `${name}: got something with spaces or signs that no key has`);
}
