/** The sessions in memory: opened when they are asked for, let go of when there are too many and nothing is asked of them. */
import type { Session } from "./session.ts";

/** After a minute of silence a session lets go of its bars: they may be evicted then, and come back in milliseconds. */
const IDLE_MS = 60_000;

export interface OpenSessionsParts {
  readonly load: (id: string) => Promise<Session | undefined>;
  /** What sessions may take together, beyond which those at rest are let go of. */
  readonly bytesMax: number;
}

export class OpenSessions {
  readonly #parts: OpenSessionsParts;
  /** The one that was used last is the last one. */
  readonly #live = new Map<string, Session>();
  readonly #opening = new Map<string, Promise<Session | undefined>>();
  /** Let go of, but somebody may still hold it: two of one session would write past one another. */
  readonly #released = new Map<string, WeakRef<Session>>();
  readonly #timer: NodeJS.Timeout;

  constructor(parts: OpenSessionsParts) {
    this.#parts = parts;
    this.#timer = setInterval(() => void this.sweep(IDLE_MS).catch(() => undefined), IDLE_MS).unref();
  }

  /** Those in memory. */
  all(): Iterable<Session> {
    return this.#live.values();
  }

  /** Without counting as a use of it. */
  peek(id: string): Session | undefined {
    return this.#live.get(id);
  }

  get(id: string): Session | undefined {
    const session = this.#live.get(id) ?? this.#released.get(id)?.deref();
    if (session !== undefined) this.add(session);
    return session;
  }

  add(session: Session): void {
    this.#released.delete(session.id);
    this.#live.delete(session.id);
    this.#live.set(session.id, session);
  }

  /** Opens it if it is not in memory; undefined where there is no such session. */
  async open(id: string): Promise<Session | undefined> {
    const known = this.get(id);
    if (known !== undefined) return known;
    const opening = this.#opening.get(id) ?? this.#load(id);
    this.#opening.set(id, opening);
    return opening;
  }

  async #load(id: string): Promise<Session | undefined> {
    try {
      const session = await this.#parts.load(id);
      if (session !== undefined) this.add(session);
      return session;
    } finally {
      this.#opening.delete(id);
    }
  }

  /** The session, if it is in memory, which it leaves for good. */
  async remove(id: string): Promise<Session | undefined> {
    const session = (await this.#opening.get(id)) ?? this.get(id);
    this.#live.delete(id);
    return session;
  }

  /** Sessions at rest for so long let go of their bars and, as long as all take too much, are let go of themselves. */
  async sweep(idleMs: number): Promise<void> {
    for (const [id, held] of this.#released) if (held.deref() === undefined) this.#released.delete(id);
    let bytes = 0;
    for (const session of this.#live.values()) {
      session.rest(idleMs);
      bytes += session.bytes;
    }
    for (const session of this.#live.values()) {
      if (bytes <= this.#parts.bytesMax) return;
      const size = session.bytes;
      if (!(await session.leave(idleMs))) continue;
      this.#live.delete(session.id);
      this.#released.set(session.id, new WeakRef(session));
      bytes -= size;
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([...this.#live.values()].map((session) => session.settle()));
  }
}
