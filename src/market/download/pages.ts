/** Page after page of an answer that names the next one; a page that comes again, or no end, is a fault. */
import { DOWNLOAD_PAGES_MAX } from "../../kernel/index.ts";
import { DownloadFault } from "./download-fault.ts";
import type { ProviderClient } from "./provider-client.ts";

export interface Page<T> {
  readonly items: T;
  /** Undefined at the end. */
  readonly next: URL | undefined;
}

/** `read` throws UnsoundAnswer where a page is not what was asked for. Throws what `ProviderClient.get` throws. */
export async function* pages<T>(
  client: ProviderClient,
  first: URL,
  read: (answer: unknown) => Page<T>,
): AsyncGenerator<T> {
  const seen = new Set<string>();
  for (let url: URL | undefined = first; url !== undefined;) {
    seen.add(url.href);
    const page: Page<T> = await client.get(url, read);
    yield page.items;
    if (page.next !== undefined && seen.has(page.next.href)) {
      throw new DownloadFault("symbol", `${at(first)} named a page again that it had sent. ${PROVIDER_ADVICE}`);
    }
    if (seen.size >= DOWNLOAD_PAGES_MAX && page.next !== undefined) {
      throw new DownloadFault("symbol", `${at(first)} has sent ${seen.size} pages without an end. ${PROVIDER_ADVICE}`);
    }
    url = page.next;
  }
}

export const PROVIDER_ADVICE =
  "Nothing of this stretch was kept. Tell the provider, or see that the address is theirs.";

const at = (url: URL): string => `${url.origin}${url.pathname}`;

/** An address below a base that may have a path of its own. */
export function addressOf(base: URL, path: string, query: Readonly<Record<string, string>>): URL {
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/+$/, "")}${path}`;
  url.search = new URLSearchParams(query).toString();
  return url;
}
