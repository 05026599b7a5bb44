/** Connections over which nothing has been asked yet: clients open them ahead of need, and a server would wait for them to close. */
import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";

/** Ends them when the server closes. */
export function closeUnusedConnections(app: FastifyInstance): void {
  const open = new Set<Socket>();
  app.server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  app.addHook("preClose", (done) => {
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
    done();
  });
}
