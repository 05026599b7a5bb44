/** One client of the socket benches: a strict ping-pong, or counting the bars that come. */
import { WebSocket } from "ws";

interface Job {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent once it is open. */
  readonly hello?: readonly string[];
  /** Ping-pong: sent, and sent again at every answer. */
  readonly ping?: string;
  /** Answers, or bars, until it is over. */
  readonly count: number;
  /** Sent to begin with, where bars are to come. */
  readonly flood?: string;
  /** A request that starts the flood of bars. */
  readonly start?: { readonly url: string; readonly body: string };
}

const [text = "{}"] = process.argv.slice(2);
const job = JSON.parse(text) as Job;
const socket = new WebSocket(job.url, { headers: job.headers, perMessageDeflate: false });
let got = 0;
let startedAt = 0;

function finish(): void {
  process.stdout.write(String((got * 1000) / (performance.now() - startedAt)));
  socket.terminate();
}

function begin(): void {
  startedAt = performance.now();
  if (job.ping !== undefined) socket.send(job.ping);
  if (job.flood !== undefined) socket.send(job.flood);
  if (job.start !== undefined) {
    void fetch(job.start.url, { method: "POST", headers: job.headers, body: job.start.body });
  }
}

socket.on("open", () => {
  for (const message of job.hello ?? []) socket.send(message);
  setTimeout(begin, 200);
});
socket.on("message", (data: Buffer) => {
  if (startedAt === 0) return;
  if (job.ping !== undefined) {
    got += 1;
    if (got < job.count) socket.send(job.ping);
    else finish();
    return;
  }
  const messages = JSON.parse(data.toString()) as readonly { readonly T: string }[];
  got += messages.filter(({ T }) => T === "b").length;
  if (got >= job.count) finish();
});
