/** The config of a new session, from the options of a command. */
import { optionText, optionTexts, type Call } from "./call.ts";
import { wrongUsage } from "./exit-codes.ts";

/** The config from --profile and every --option; undefined where there is neither, so that the server's defaults hold. */
export function configOf(call: Call): Readonly<Record<string, unknown>> | undefined {
  const profile = optionText(call, "profile");
  const options = optionTexts(call, "option").map(optionPair);
  const twice = options.find(([key], index) => options.findIndex(([other]) => other === key) !== index);
  if (twice !== undefined) throw wrongUsage(`--option: got ${twice[0]} twice, wanted each option once`);
  if (profile === undefined && options.length === 0) return undefined;
  return Object.fromEntries([...(profile === undefined ? [] : [["profile", profile] as const]), ...options]);
}

function optionPair(text: string): readonly [string, unknown] {
  const match = /^(\w+)=(.*)$/s.exec(text);
  const [, key = "", value = ""] = match ?? [];
  if (match === null) throw wrongUsage(`--option: got ${JSON.stringify(text)}, wanted KEY=VALUE`);
  return [key, optionValue(key, value)];
}

/** JSON, or a plain word. */
function optionValue(key: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    if (/^\w+$/.test(text)) return text;
    throw wrongUsage(`--option ${key}: got ${JSON.stringify(text)}, wanted JSON or a plain word`);
  }
}
