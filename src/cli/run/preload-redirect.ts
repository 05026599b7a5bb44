/** Alpaca's addresses in Node programs lead to the session's server: whatever keys and hosts they were given. */
import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from "node:http";
import https from "node:https";
import { syncBuiltinESMExports } from "node:module";
import type { Socket } from "node:net";
import type { RunClock } from "./preload-clock.ts";

const HOST = /(?:^|\.)alpaca\.markets$/i;

type Listener = (response: IncomingMessage) => void;
type Arguments = readonly [RequestOptions | string | URL, (RequestOptions | Listener)?, Listener?];

/** Patches http, https and fetch; requests to elsewhere go where they went. */
export function redirectRequests(base: string, clock: RunClock): void {
  const target = new URL(base);
  const real = { request: http.request, secure: https.request, fetch: globalThis.fetch };
  const watch = (request: ClientRequest): ClientRequest => watched(request, clock);
  const patch =
    (request: typeof http.request) =>
    (...args: Arguments): ClientRequest => {
      const { options, listener } = optionsOf(args);
      const host = (options.hostname ?? options.host ?? "").replace(/:\d+$/, "");
      const isServer = host === target.hostname && Number(options.port) === Number(target.port);
      if (isServer) return watch(real.request(plainOptions(options, target), listener));
      if (!HOST.test(host)) return watch(request(options, listener));
      const path = `${target.pathname}${options.path ?? "/"}`;
      return watch(real.request(plainOptions({ ...options, path }, target), listener));
    };
  const patched = (request: typeof http.request): Pick<typeof http, "request" | "get"> => {
    const send = patch(request);
    const get = (...args: Arguments): ClientRequest => {
      const made = send(...args);
      made.end();
      return made;
    };
    return { request: send, get };
  };
  Object.assign(http, patched(real.request));
  Object.assign(https, patched(real.secure));
  syncBuiltinESMExports();
  globalThis.fetch = (input, init) => {
    const request = new Request(redirectedInput(input, target), init);
    const isOver = clock.requestBegins(request.method !== "GET" && request.method !== "HEAD");
    return real.fetch(request).finally(isOver);
  };
}

/** The three ways to call http.request, as one. */
function optionsOf([first, second, third]: Arguments): { options: RequestOptions; listener: Listener | undefined } {
  const isAddress = typeof first === "string" || first instanceof URL;
  const more = typeof second === "function" ? {} : (second ?? {});
  const options = isAddress ? { ...urlOptions(new URL(first)), ...more } : first;
  return { options, listener: typeof second === "function" ? second : third };
}

const urlOptions = ({ protocol, hostname, port, pathname, search }: URL): RequestOptions => ({
  protocol,
  hostname,
  ...(port === "" ? {} : { port }),
  path: `${pathname}${search}`,
});

/** Plain HTTP to the server, also where a client insists on TLS; how it would have connected does not matter any more. */
function plainOptions(options: RequestOptions, { hostname, port }: URL): RequestOptions {
  const {
    createConnection: _connect,
    agent: _agent,
    servername: _name,
    defaultPort: _port,
    ...rest
  } = options as RequestOptions & { readonly servername?: string };
  const headers = { ...(rest.headers as Record<string, string> | undefined), host: `${hostname}:${port}` };
  return { ...rest, protocol: "http:", host: hostname, hostname, port, headers };
}

function redirectedInput(input: string | URL | Request, target: URL): string | URL | Request {
  const url = new URL(input instanceof Request ? input.url : input);
  if (!HOST.test(url.hostname)) return input;
  const address = `${target.origin}${target.pathname}${url.pathname}${url.search}`;
  return input instanceof Request ? new Request(address, input) : address;
}

/** Counts a request until it is over, or a socket that it became for as long as that is open. */
function watched(request: ClientRequest, clock: RunClock): ClientRequest {
  const isOver = clock.requestBegins(request.method !== "GET" && request.method !== "HEAD");
  request.once("close", isOver);
  request.once("upgrade", (_response: IncomingMessage, socket: Socket) => {
    const closes = clock.streamOpens();
    socket.once("close", closes);
    isOver();
  });
  return request;
}
