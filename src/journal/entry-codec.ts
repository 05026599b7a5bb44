/** What both adapters tell of how they write entries. */
import type { EntryCodec } from "../sessions/index.ts";
import { chainHash, GENESIS_HASH } from "./chain.ts";
import { decodeEntry, encodeEntry, plainOf } from "./codec.ts";

export const entryCodec: EntryCodec = {
  encode: encodeEntry,
  decode: (text) => {
    const entry = decodeEntry(text);
    if (encodeEntry(entry) !== text) throw new Error("it is not written canonically");
    return entry;
  },
  plain: plainOf,
  hash: chainHash,
  genesis: GENESIS_HASH,
};
