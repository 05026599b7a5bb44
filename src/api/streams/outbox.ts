/** What a server sends to one socket: bounded, and waited for where the client asked for lock-step. */
import type { WebSocket } from "@fastify/websocket";
import { LOCK_STEP_MS_MAX, STREAM_BUFFER_BYTES_MAX } from "../../kernel/index.ts";

export interface Outbox {
  readonly send: (frame: string | Buffer) => void;
  /** In lock-step: resolves when the client has answered a ping behind all that was sent. Else undefined. */
  readonly settled: () => Promise<void> | undefined;
  readonly close: (code: number, why: string) => void;
}

export interface OutboxParts {
  readonly socket: WebSocket;
  readonly isLockStep: boolean;
  /** What a client that reads too slowly is told before its socket is closed. */
  readonly slowNotice: () => string | Buffer;
}

/** Close codes of RFC 6455 and its registry. */
export const CLOSE = { normal: 1000, goingAway: 1001, policy: 1008, internal: 1011, tryLater: 1013 } as const;

export function createOutbox({ socket, isLockStep, slowNotice }: OutboxParts): Outbox {
  let isClosed = false;
  const close = (code: number, why: string): void => {
    if (isClosed) return;
    isClosed = true;
    socket.close(code, why);
  };
  const tooSlow = (): void => {
    if (!isClosed) socket.send(slowNotice());
    close(CLOSE.policy, "slow client");
  };
  let hasUnanswered = false;
  return {
    send: (frame) => {
      if (isClosed || socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > STREAM_BUFFER_BYTES_MAX) tooSlow();
      else socket.send(frame);
      hasUnanswered = true;
    },
    settled: () => {
      if (!isLockStep || isClosed || !hasUnanswered || socket.readyState !== socket.OPEN) return undefined;
      hasUnanswered = false;
      return pong(socket, tooSlow);
    },
    close,
  };
}

/** A client's library answers a ping after it has taken all frames before it. One that is gone, or mute, is not waited for. */
function pong(socket: WebSocket, tooSlow: () => void): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      socket.off("pong", done);
      socket.off("close", done);
      resolve();
    };
    const timer = setTimeout(() => {
      tooSlow();
      done();
    }, LOCK_STEP_MS_MAX);
    socket.once("pong", done);
    socket.once("close", done);
    socket.ping();
  });
}
