/** What a server sends to one socket: bounded, and waited for where the client asked for lock-step. */
import { setTimeout as wait } from "node:timers/promises";
import type { WebSocket } from "@fastify/websocket";
import { LOCK_STEP_MS_MAX, STREAM_BUFFER_BYTES_MAX, STREAM_BUFFER_HIGH_BYTES } from "../../kernel/index.ts";
import type { Settling } from "../../sessions/index.ts";

export interface Outbox {
  readonly send: (frame: string | Buffer) => void;
  /** In lock-step: resolves when the client has answered a ping behind all that was sent. Else undefined. */
  readonly settled: (how: Settling) => Promise<void> | undefined;
  /** In lock-step: resolves when not much waits to be sent any more. Undefined where that is so. */
  readonly drained: () => Promise<void> | undefined;
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
    settled: (how) => {
      if (!isLockStep || isClosed || socket.readyState !== socket.OPEN) return undefined;
      if (how === "if behind" && !hasUnanswered) return undefined;
      hasUnanswered = false;
      return pong(socket, tooSlow);
    },
    drained: () =>
      isLockStep && !isClosed && socket.bufferedAmount > STREAM_BUFFER_HIGH_BYTES ? drain(socket, tooSlow) : undefined,
    close,
  };
}

/** Milliseconds between two looks at what waits to be sent. */
const LOOK_MS = 5;

async function drain(socket: WebSocket, tooSlow: () => void): Promise<void> {
  const deadline = performance.now() + LOCK_STEP_MS_MAX;
  while (socket.bufferedAmount > STREAM_BUFFER_HIGH_BYTES && socket.readyState === socket.OPEN) {
    if (performance.now() > deadline) tooSlow();
    await wait(LOOK_MS);
  }
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
