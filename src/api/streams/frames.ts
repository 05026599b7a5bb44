/** How messages of market data go over a socket: JSON text, or MessagePack with Alpaca's conventions. */
import { decode, encode } from "@msgpack/msgpack";
import { formatInstant, type Instant } from "../../kernel/index.ts";

/**
 * A message of market data. Its first key is `T`, because clients look there first; `t` is an instant, which is text in
 * JSON and the timestamp extension in MessagePack.
 */
export interface MarketMessage {
  readonly T: string;
  readonly t?: Instant;
  readonly [field: string]: unknown;
}

export interface Encoding {
  readonly name: "json" | "msgpack";
  /** One frame of several messages that have been encoded each. */
  readonly frameOf: (parts: readonly EncodedMessage[]) => string | Buffer;
  readonly isBinary: boolean;
}

/** A message that is encoded at most once in each way, however many sockets it goes to. */
export class EncodedMessage {
  readonly #message: MarketMessage;
  #json: string | undefined;
  #packed: Uint8Array | undefined;

  constructor(message: MarketMessage) {
    this.#message = message;
  }

  get json(): string {
    const { t } = this.#message;
    return (this.#json ??= JSON.stringify(t === undefined ? this.#message : { ...this.#message, t: formatInstant(t) }));
  }

  get packed(): Uint8Array {
    const { t } = this.#message;
    return (this.#packed ??= encode(t === undefined ? this.#message : { ...this.#message, t: new Date(t) }));
  }
}

export const JSON_FRAMES: Encoding = {
  name: "json",
  isBinary: false,
  frameOf: (parts) => `[${parts.map(({ json }) => json).join(",")}]`,
};

export const MSGPACK_FRAMES: Encoding = {
  name: "msgpack",
  isBinary: true,
  frameOf: (parts) => Buffer.concat([arrayHead(parts.length), ...parts.map(({ packed }) => packed)]),
};

/** The head of a MessagePack array. */
function arrayHead(length: number): Uint8Array {
  return length < 16 ? Uint8Array.of(0x90 | length) : Uint8Array.of(0xdc, length >> 8, length & 0xff);
}

/** What a client sent: text is JSON, a binary frame MessagePack, or JSON all the same. Undefined: neither. */
export function decodeFrame(data: Buffer, isBinary: boolean): unknown {
  if (isBinary) {
    const unpacked = attempt(() => decode(data));
    if (typeof unpacked === "object") return unpacked;
  }
  return attempt(() => JSON.parse(data.toString("utf8")) as unknown);
}

function attempt(work: () => unknown): unknown {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** An object, as messages are. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
