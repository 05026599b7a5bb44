/** `tapedeck session replay`, `diff`, `verify`, `export`, `import`: requests to a running server that may take their time. */
import { createReadStream, createWriteStream, existsSync, statSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AppError } from "../../kernel/index.ts";
import { argument, optionText, type Call } from "../call.ts";
import { CommandError, interrupted, wrongUsage } from "../exit-codes.ts";
import { findSessionId } from "../http/find-session.ts";
import { createServerClient, fieldOf, refusedLater, type ServerClient } from "../http/server-client.ts";
import { listenForInterruption } from "../interruption.ts";
import { openBytesProgress, openProgress } from "../output/progress.ts";
import { diffText, importText, replayText, verifyText } from "../output/proof-text.ts";
import { withGuestCopy } from "../run/guest-copy.ts";
import { configOf } from "../session-config.ts";

const pathOf = (session: string): string => `/v1/sessions/${encodeURIComponent(session)}`;
const isQuiet = (call: Call): boolean => call.options["json"] === true;

export async function replay(call: Call): Promise<void> {
  const config = configOf(call);
  const client = createServerClient(call);
  const id = await findSessionId(client, argument(call, 0));
  const run = (server: ServerClient, session: string): Promise<unknown> =>
    watched(call, server, { path: `${pathOf(session)}/replay`, body: config === undefined ? {} : { config } });
  const bars = optionText(call, "data");
  const report =
    bars === undefined
      ? await run(client, id)
      : await withGuestCopy({ call, client, id, bars }, async (copy) => ({
          ...((await run(copy.client, copy.id)) as object),
          session_id: id,
        }));
  call.answer(report, replayText(report));
}

export async function compare(call: Call): Promise<void> {
  const client = createServerClient(call);
  const [a, b] = [await findSessionId(client, argument(call, 0)), await findSessionId(client, argument(call, 1))];
  const { body } = await client.get(`${pathOf(a)}/diff/${encodeURIComponent(b)}`);
  call.answer(body, diffText(body));
}

export async function verify(call: Call): Promise<void> {
  const client = createServerClient(call);
  const id = await findSessionId(client, argument(call, 0));
  const report = await watched(call, client, { path: `${pathOf(id)}/verify`, body: {} });
  call.answer(report, verifyText(report));
  if (fieldOf(report, "verified") === true) return;
  throw new CommandError("verification_failed", `Session ${id} is not proven; the report says why.`, { exit: "fault" });
}

export async function exportFile(call: Call): Promise<void> {
  const path = optionText(call, "output") ?? "";
  if (existsSync(path) && call.options["force"] !== true) {
    throw wrongUsage(`${path} is there already: choose another name, or say --force`);
  }
  const client = createServerClient(call);
  const id = await findSessionId(client, argument(call, 0));
  const response = await client.open(
    "GET",
    `${pathOf(id)}/export${call.options["withBars"] === true ? "?bars=true" : ""}`,
  );
  const bytes = await save(response, path);
  call.answer({ id, path, bytes }, `Session ${id} was written to ${path}, ${bytes.toLocaleString("en-US")} bytes.`);
}

export async function importFile(call: Call): Promise<void> {
  const path = argument(call, 0);
  const total = sizeOf(path);
  const progress = openBytesProgress(path, isQuiet(call));
  let done = 0;
  const counting = new Transform({
    transform: (chunk: Buffer, _encoding, next) => {
      done += chunk.length;
      progress.show(done, total);
      next(null, chunk);
    },
  });
  try {
    const body = Readable.toWeb(createReadStream(path).pipe(counting)) as ReadableStream;
    const client = createServerClient(call);
    const { body: report } = await client.read(
      await client.open("POST", `/v1/sessions/import${call.options["takeBars"] === true ? "?bars=take" : ""}`, body),
    );
    call.answer(report, importText(report));
  } finally {
    progress.close();
  }
}

interface LongWork {
  readonly path: string;
  readonly body: object;
}

/** The report at the end of lines that tell how far the work is. */
async function watched(call: Call, client: ServerClient, { path, body }: LongWork): Promise<unknown> {
  const response = await client.open("POST", `${path}?progress=true`, body);
  const progress = openProgress({ name: "", unit: "commands", isQuiet: isQuiet(call) });
  try {
    for await (const line of linesOf(response)) {
      const told: unknown = JSON.parse(line);
      const error = fieldOf(told, "error");
      if (error !== undefined) throw refusedLater(error);
      const report = fieldOf(told, "report");
      if (report !== undefined) return report;
      const step = fieldOf(told, "progress");
      progress.show(Number(fieldOf(step, "done")), Number(fieldOf(step, "total")));
    }
  } finally {
    progress.close();
  }
  throw cutOff("The server ended before its report was whole.");
}

async function* linesOf({ body }: Response): AsyncGenerator<string> {
  if (body === null) return;
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

/** The file appears whole or not at all. */
async function save({ body }: Response, path: string): Promise<number> {
  const temporary = `${path}.${process.pid}.tmp`;
  const { signal, ignore } = listenForInterruption();
  let bytes = 0;
  const counting = new Transform({
    transform: (chunk: Buffer, _encoding, next) => {
      bytes += chunk.length;
      next(null, chunk);
    },
  });
  try {
    if (body === null) throw cutOff("The server sent no file.");
    const source = Readable.fromWeb(body);
    await pipeline(source, counting, createWriteStream(temporary), { signal });
    await rename(temporary, path);
    return bytes;
  } catch (error) {
    if (signal.aborted) throw interrupted("no file was written");
    if (error instanceof AppError) throw error;
    throw new AppError("export_failed", `${path} could not be written whole: ${String(error)}`, error);
  } finally {
    ignore();
    await rm(temporary, { force: true });
  }
}

const cutOff = (message: string): AppError => new CommandError("server_unreachable", message, { exit: "unreachable" });

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch (error) {
    throw wrongUsage(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
