/** Sockets and event streams of tests: an application that listens, and readers that keep what they were sent. */
import type { AddressInfo } from "node:net";
import { decode } from "@msgpack/msgpack";
import { WebSocket } from "ws";
import { DEVELOPMENT, openApi, type Api, type ApiOptions } from "./api.ts";

export interface LiveApi extends Api {
  /** "127.0.0.1:12345" */
  readonly host: string;
}

export async function openLiveApi(options: ApiOptions = {}): Promise<LiveApi> {
  const api = await openApi(options);
  return { ...api, host: await listenOn(api) };
}

/** Lets an application listen on a free port; gives "127.0.0.1:12345". */
export async function listenOn({ app }: Api): Promise<string> {
  if (!app.server.listening) await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return `127.0.0.1:${port}`;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- messages are looked into freely.
export type Message = any;

export interface Reader {
  /** All frames so far, decoded. */
  readonly frames: Message[];
  readonly socket: WebSocket;
  readonly send: (message: unknown) => void;
  /** The next frame that has not been asked for; rejects after two seconds of silence. */
  readonly next: () => Promise<Message>;
  /** Resolves once all that the server had sent is here. */
  readonly settled: () => Promise<void>;
  /** Resolves with code and reason once the server has closed it. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly close: () => Promise<void>;
}

export interface ReaderOptions {
  readonly headers?: Readonly<Record<string, string>>;
}

/** Resolves once the socket is open. */
export async function openReader(url: string, { headers = {} }: ReaderOptions = {}): Promise<Reader> {
  const socket = new WebSocket(url, { headers });
  const frames: Message[] = [];
  const waiting: ((frame: Message) => void)[] = [];
  let asked = 0;
  socket.on("message", (data: Buffer, isBinary: boolean) => {
    const frame: Message = isBinary ? decode(data) : JSON.parse(data.toString("utf8"));
    frames.push(frame);
    if (waiting.length > 0) {
      asked += 1;
      waiting.shift()?.(frame);
    }
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once("close", (code, reason) => {
      resolve({ code, reason: reason.toString() });
    });
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("open", () => {
      resolve();
    });
    socket.once("error", reject);
    socket.once("unexpected-response", (_request, response) => {
      reject(new Error(`HTTP ${response.statusCode}`));
    });
  });
  return {
    frames,
    socket,
    send: (message) => {
      socket.send(typeof message === "string" || message instanceof Uint8Array ? message : JSON.stringify(message));
    },
    next: () => {
      if (asked < frames.length) {
        asked += 1;
        return Promise.resolve(frames[asked - 1]);
      }
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          reject(new Error(`no frame came; so far ${JSON.stringify(frames)}`));
        }, 2000);
        waiting.push((frame) => {
          clearTimeout(timer);
          resolve(frame);
        });
      });
    },
    settled: async () => {
      const pong = new Promise((resolve) => socket.once("pong", resolve));
      socket.ping();
      await pong;
    },
    closed,
    close: async () => {
      socket.close();
      await closed;
    },
  };
}

/** A session that begins with the first open of 2023. */
export const FROM_OPEN = { startTime: "2023-01-03T14:30:00Z", endTime: "2023-03-31T16:00:00Z" };

export const KEY = "test-api-key";
export const SECRET = "test-api-secret";

export interface ServerSentEvent {
  readonly id: string | undefined;
  readonly type: string | undefined;
  readonly data: Message;
}

export interface EventReader {
  readonly events: ServerSentEvent[];
  /** Waits until so many have come, or the stream has ended. */
  readonly until: (count: number) => Promise<readonly ServerSentEvent[]>;
  readonly ended: Promise<void>;
  readonly close: () => void;
}

/** Throws for any answer but 200. */
export async function openEvents(url: string, headers: Readonly<Record<string, string>> = {}): Promise<EventReader> {
  const controller = new AbortController();
  const response = await fetch(url, {
    headers: { authorization: DEVELOPMENT, ...headers },
    signal: controller.signal,
  });
  if (response.status !== 200) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
  const events: ServerSentEvent[] = [];
  let wake = (): void => undefined;
  const state = { isOver: false };
  const read = async (): Promise<void> => {
    let text = "";
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk as Uint8Array).toString("utf8");
      const parts = text.split("\n\n");
      text = parts.pop() ?? "";
      for (const part of parts) events.push(...parseEvent(part));
      wake();
    }
  };
  const ended = read()
    .catch(() => undefined)
    .finally(() => {
      state.isOver = true;
      wake();
    });
  return {
    events,
    until: async (count) => {
      const deadline = Date.now() + 3000;
      while (events.length < count && !state.isOver) {
        if (Date.now() > deadline) throw new Error(`${events.length} of ${count} events: ${JSON.stringify(events)}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
          setTimeout(resolve, 50);
        });
      }
      return events;
    },
    ended,
    close: () => {
      controller.abort();
    },
  };
}

function parseEvent(text: string): ServerSentEvent[] {
  const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, "m").exec(text)?.[1];
  const data = field("data");
  return data === undefined ? [] : [{ id: field("id"), type: field("event"), data: JSON.parse(data) }];
}
