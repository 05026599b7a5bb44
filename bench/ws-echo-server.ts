/** The peer of the socket benches: bare `ws` that echoes parsed JSON, and on "flood N" writes and sends N bars. */
import { createServer } from "node:http";
import { WebSocketServer } from "ws";

/** Bars in a frame, as many as Tapedeck sends. */
const FRAME_MESSAGES = 256;
const START = Date.parse("2023-01-03T14:30:00Z");

/** A bar as text, made anew each time. */
function barOf(minute: number): string {
  const t = new Date(START + minute * 60_000).toISOString();
  const price = 130 + (minute % 100) / 100;
  return JSON.stringify({ T: "b", S: "AAPL", o: price, h: price, l: price, c: price, v: minute, t, n: 99, vw: price });
}

const server = createServer();
const sockets = new WebSocketServer({ server });
sockets.on("connection", (socket) => {
  socket.on("message", (data: Buffer) => {
    const text = data.toString();
    if (!text.startsWith("flood")) {
      socket.send(JSON.stringify({ echoed: JSON.parse(text) as unknown }));
      return;
    }
    for (let left = Number(text.slice("flood ".length)); left > 0; left -= FRAME_MESSAGES) {
      const bars = Array.from({ length: Math.min(left, FRAME_MESSAGES) }, (_none, index) => barOf(left - index));
      socket.send(`[${bars.join(",")}]`);
    }
  });
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address !== null) process.stdout.write(`http://127.0.0.1:${address.port}\n`);
});
