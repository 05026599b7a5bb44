/** The body of an answer: read to a limit, and parsed as JSON or found unsound. */
import { DOWNLOAD_ANSWER_BYTES_MAX } from "../../kernel/index.ts";
import { printable } from "./answer-fields.ts";
import { DownloadFault, UnsoundAnswer } from "./download-fault.ts";

/** Characters of what is no JSON that a message shows. */
const SHOWN_MAX = 80;

/** Throws DownloadFault where it is larger than the limit, and whatever the connection throws. */
export async function readBody(response: Response, where: string): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  const body: AsyncIterable<Uint8Array> | null = response.body;
  for await (const part of body ?? []) {
    bytes += part.byteLength;
    if (bytes > DOWNLOAD_ANSWER_BYTES_MAX) {
      const limit = `more than ${DOWNLOAD_ANSWER_BYTES_MAX / 1_048_576} MiB`;
      throw new DownloadFault("job", `${where} sent ${limit} in one answer. See that the address is the provider's.`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

/** Throws UnsoundAnswer. */
export function parseBody(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const begin = text.trimStart().charAt(0);
    const what = begin === "{" || begin === "[" ? "the JSON is cut short or malformed" : "it is not JSON";
    throw new UnsoundAnswer(`${what}: ${JSON.stringify(printable(text, SHOWN_MAX))}`, { cause: error });
  }
}

/** What a provider says of an error, in whatever field; undefined where it says nothing that can be read. */
export function messageIn(text: string): string | undefined {
  try {
    const value = JSON.parse(text) as Readonly<Record<string, unknown>> | null;
    return [value?.["message"], value?.["error"]].find((said) => typeof said === "string");
  } catch {
    return undefined;
  }
}
