/** Bodies that take their time: as long as one arrives, the server waits longer for requests. */
import type { FastifyInstance } from "fastify";
import { REQUEST_MS_MAX } from "../../kernel/index.ts";

/** How long each body that arrives may take, in milliseconds, by server. */
const arriving = new WeakMap<FastifyInstance["server"], number[]>();

/** Does the work of a request whose body may take up to `ms`; its sender has shown a key. */
export async function patiently<T>(
  { server }: Pick<FastifyInstance, "server">,
  ms: number,
  work: () => Promise<T>,
): Promise<T> {
  const all = arriving.get(server) ?? [];
  arriving.set(server, all);
  all.push(ms);
  server.requestTimeout = Math.max(...all);
  try {
    return await work();
  } finally {
    all.splice(all.indexOf(ms), 1);
    server.requestTimeout = Math.max(REQUEST_MS_MAX, ...all);
  }
}
