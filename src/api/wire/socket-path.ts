/** Paths that are a request and a socket, as Alpaca has them: of an upgrade, the socket is meant. */
import type { IncomingMessage } from "node:http";

/** Alpaca's path, and the one under which its socket is registered. */
export const NEWS_SOCKET = "/v1beta1/news/socket";

const NEWS = /^\/+v1beta1\/+news\/*(?=\?|$)/;

export const withSocket = (url: string, { headers }: Pick<IncomingMessage, "headers">): string =>
  headers.upgrade?.toLowerCase() === "websocket" ? url.replace(NEWS, NEWS_SOCKET) : url;
