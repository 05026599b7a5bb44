/** Reading a session for an answer: a refused read (deleted meanwhile, too much data) is the answer. */
import type { SessionHandle, SessionSummary, SessionView } from "../../sessions/index.ts";
import { accepted } from "./errors.ts";

export async function readSession<T>(
  session: SessionHandle,
  symbols: readonly string[],
  query: (view: SessionView) => T,
): Promise<T> {
  return accepted(await session.read(symbols, query));
}

export const describeSession = async (session: SessionHandle): Promise<SessionSummary> =>
  accepted(await session.describe());
