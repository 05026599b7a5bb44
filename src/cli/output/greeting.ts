/** What `tapedeck serve` prints once it listens: where it is, and a first trade to copy. */
import { formatFields } from "./table.ts";

export interface ServerFacts {
  readonly url: string;
  readonly dataDir: string;
  readonly host: string;
  readonly sample: boolean;
  /** A certificate that clients have to be told to trust. */
  readonly caPath?: string | undefined;
  readonly version: string;
  /** How this command line was started, for lines to copy. */
  readonly command: string;
}

const isLoopback = (host: string): boolean => host === "localhost" || host === "::1" || host.startsWith("127.");

const DEVELOPMENT_KEY = "test-api-key:test-api-secret";

export function greeting(facts: ServerFacts): string {
  const bars = facts.sample
    ? "the built-in sample (synthetic minutes of 2023), and what you import"
    : "what you import";
  const fields = formatFields([
    ["data directory", facts.dataDir],
    ["bars", `${bars}: ${facts.command} data list`],
    ["dashboard", `${facts.url}/`],
    ["every route", `${facts.url}/docs`],
  ]);
  const head = `Tapedeck ${facts.version} listens on ${facts.url}`;
  return [head, "", fields, "", ...trust(facts), ...firstSteps(facts), ""].join("\n");
}

/** Each kind of client is told in its own way. */
function trust({ caPath }: ServerFacts): readonly string[] {
  if (caPath === undefined) return [];
  const path = quote(caPath);
  return [
    "Its certificate is its own. Clients trust it with:",
    "",
    `  export NODE_EXTRA_CA_CERTS=${path}   # Node`,
    `  export SSL_CERT_FILE=${path} REQUESTS_CA_BUNDLE=${path}   # Python, Go`,
    `  export CURL_CA_BUNDLE=${path}   # curl`,
    "",
  ];
}

function firstSteps(facts: ServerFacts): readonly string[] {
  if (!isLoopback(facts.host)) {
    return [
      "It listens beyond this machine, so the development key is unknown. Make a key of your own:",
      "",
      `  ${facts.command} keys create --data-dir ${quote(facts.dataDir)}`,
      "",
      "Requests must name a host that it knows; --allowed-host NAME adds the one that your clients use.",
    ];
  }
  if (!facts.sample) return ["Import bars in another terminal:", "", `  ${importLine(facts)}`];
  return ["Try it in another terminal, with the development key:", "", ...trade(facts.url).map((line) => `  ${line}`)];
}

const importLine = ({ command, dataDir }: ServerFacts): string =>
  `${command} data import FILE.csv.gz --symbol SPY --data-dir ${quote(dataDir)}`;

/** The specification's flow: a session, an account, an order, a minute, a position. */
function trade(url: string): readonly string[] {
  const request = `curl -s -u ${DEVELOPMENT_KEY}`;
  const inSession = `${request} -H "X-Session-Id: $SESSION"`;
  return [
    `SESSION=$(${request} ${url}/v1/sessions \\`,
    `  -d '{"startTime": "2023-01-03T09:30:00Z", "endTime": "2023-03-31T16:00:00Z"}' | jq -r .id)`,
    `ACCOUNT=$(${inSession} ${url}/v1/accounts \\`,
    `  -d '{"initialCash": 100000}' | jq -r .id)`,
    `${inSession} ${url}/v1/trading/accounts/$ACCOUNT/orders \\`,
    `  -d '{"symbol": "AAPL", "side": "buy", "qty": 10, "type": "market"}'`,
    `${request} ${url}/v1/sessions/$SESSION/time/advance -d '{"duration": 1}'`,
    `${inSession} ${url}/v1/trading/accounts/$ACCOUNT/positions`,
  ];
}

/** A path as a POSIX shell takes it. */
const quote = (path: string): string =>
  /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
