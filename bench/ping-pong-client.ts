/** One strict ping-pong over one keep-alive connection: raw sockets, so that the client costs as little as it can. */
import { connect } from "node:net";

interface Job {
  readonly host: string;
  readonly port: number;
  readonly request: string;
  readonly count: number;
}

const [text = "{}"] = process.argv.slice(2);
const job = JSON.parse(text) as Job;

const socket = connect(job.port, job.host);
socket.setNoDelay(true);
let buffered = "";
let answers = 0;
let start = 0;

/** Length of the first whole answer in the buffer; 0 while it is not whole. */
function answerLength(): number {
  const headEnd = buffered.indexOf("\r\n\r\n");
  if (headEnd < 0) return 0;
  const match = /content-length: (\d+)/i.exec(buffered.slice(0, headEnd));
  const length = headEnd + 4 + Number(match?.[1] ?? 0);
  return buffered.length >= length ? length : 0;
}

socket.on("connect", () => {
  start = performance.now();
  socket.write(job.request);
});
socket.on("data", (chunk: Buffer) => {
  buffered += chunk.toString("latin1");
  const length = answerLength();
  if (length === 0) return;
  if (!buffered.startsWith("HTTP/1.1 200")) throw new Error(buffered);
  buffered = buffered.slice(length);
  answers += 1;
  if (answers < job.count) {
    socket.write(job.request);
    return;
  }
  process.stdout.write(String((answers * 1000) / (performance.now() - start)));
  socket.destroy();
});
