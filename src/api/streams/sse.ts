/** Server-sent events: one line of data each, comments as heartbeats, bounded like the sockets. */
import type { FastifyReply } from "fastify";
import { STREAM_BUFFER_BYTES_MAX } from "../../kernel/index.ts";

/** Milliseconds between comments that keep proxies and clients from giving up. */
const HEARTBEAT_MS = 15_000;

export interface ServerEvent {
  readonly id?: string;
  /** Its type; undefined: "message". */
  readonly type?: string;
  readonly data: unknown;
}

export interface EventStream {
  readonly send: (event: ServerEvent) => void;
  /** Resolves when the reader has taken what was sent; undefined where it has, or is not waited for. */
  readonly settled: () => Promise<void> | undefined;
  readonly end: () => void;
}

export interface EventStreamParts {
  readonly reply: FastifyReply;
  readonly isLockStep: boolean;
  readonly onClose: () => void;
}

/** Takes the response over; nothing else may be sent with the reply. */
export function openEventStream({ reply, isLockStep, onClose }: EventStreamParts): EventStream {
  reply.hijack();
  const { raw } = reply;
  const headers = reply.getHeaders();
  raw.writeHead(200, { ...headers, "content-type": "text/event-stream", "cache-control": "no-cache" } as Record<
    string,
    string
  >);
  raw.flushHeaders();
  const heartbeat = setInterval(() => raw.write(": heartbeat\n\n"), HEARTBEAT_MS);
  heartbeat.unref();
  raw.on("close", () => {
    clearInterval(heartbeat);
    onClose();
  });
  return {
    send: ({ id, type, data }) => {
      if (raw.writableEnded || raw.destroyed) return;
      if (raw.writableLength > STREAM_BUFFER_BYTES_MAX) {
        raw.end(": 407 slow client: more than can be buffered waits to be read\n\n");
        return;
      }
      const head = `${id === undefined ? "" : `id: ${id}\n`}${type === undefined ? "" : `event: ${type}\n`}`;
      raw.write(`${head}data: ${JSON.stringify(data)}\n\n`);
    },
    settled: () => (isLockStep && raw.writableNeedDrain && !raw.destroyed ? drained(raw) : undefined),
    end: () => {
      if (!raw.writableEnded) raw.end();
    },
  };
}

function drained(raw: FastifyReply["raw"]): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      raw.off("drain", done);
      raw.off("close", done);
      resolve();
    };
    raw.once("drain", done);
    raw.once("close", done);
  });
}
