/** What a program needs in order to trade for one account: the lines of docs/guide/connect.md with real values. */

export interface Place {
  readonly origin: string;
  readonly account: string;
  readonly id: string;
  readonly secret: string;
}

interface Snippet {
  readonly name: string;
  readonly text: (place: Place) => string;
}

const baseOf = ({ origin, account }: Place): string => `${origin}/sim/${account}`;
const socketOf = (place: Place): string => baseOf(place).replace(/^http/, "ws");

const alpacaPy = (place: Place): string => `from alpaca.trading.client import TradingClient
from alpaca.trading.stream import TradingStream
from alpaca.data.historical import StockHistoricalDataClient
from alpaca.data.live import StockDataStream

base = "${baseOf(place)}"
keys = ("${place.id}", "${place.secret}")
trading = TradingClient(*keys, url_override=base)
history = StockHistoricalDataClient(*keys, url_override=base)
updates = TradingStream(*keys, url_override=base.replace("http", "ws") + "/stream")
prices = StockDataStream(*keys, url_override=base.replace("http", "ws") + "/v2/iex")

print(trading.get_account())`;

const script4 = (place: Place): string => `import { Alpaca } from "@alpacahq/alpaca-trade-api"; // version 4

const base = "${baseOf(place)}";
const elsewhere = (url) => url.toString().replace(/^https:\\/\\/(paper-api|api|data)\\.alpaca\\.markets/, base);
const alpaca = new Alpaca({
  keyId: "${place.id}",
  secret: "${place.secret}",
  rateLimit: false,
  fetchApi: (url, init) => fetch(elsewhere(url), init),
});
const updates = alpaca.trading.stream({ url: "${socketOf(place)}/stream" });

console.log(await alpaca.trading.account.getAccount());`;

const script3 = (place: Place): string => `import Alpaca from "@alpacahq/alpaca-trade-api"; // version 3

const base = "${baseOf(place)}";
const alpaca = new Alpaca({
  keyId: "${place.id}",
  secretKey: "${place.secret}",
  baseUrl: base,
  dataBaseUrl: base,
});
const stream = alpaca.data_stream_v2;
stream.session.url = "${socketOf(place)}/v2/iex";

console.log(await alpaca.getAccount());`;

const go = (place: Place): string => `package main

import (
	"fmt"

	"github.com/alpacahq/alpaca-trade-api-go/v3/alpaca"
	"github.com/alpacahq/alpaca-trade-api-go/v3/marketdata"
)

func main() {
	base := "${baseOf(place)}"
	trading := alpaca.NewClient(alpaca.ClientOpts{
		APIKey: "${place.id}", APISecret: "${place.secret}", BaseURL: base})
	history := marketdata.NewClient(marketdata.ClientOpts{
		APIKey: "${place.id}", APISecret: "${place.secret}", BaseURL: base})
	fmt.Println(trading.GetAccount())
	fmt.Println(history.GetLatestBar("AAPL", marketdata.GetLatestBarRequest{}))
}

// Streams: DATA_PROXY_WS=${socketOf(place)}/v2`;

const variables = (place: Place): string => `export APCA_API_BASE_URL=${baseOf(place)}
export APCA_API_DATA_URL=$APCA_API_BASE_URL APCA_DATA_BASE_URL=$APCA_API_BASE_URL
export APCA_API_STREAM_URL=$APCA_API_BASE_URL
export DATA_PROXY_WS=${socketOf(place)}/v2
export APCA_API_KEY_ID=${place.id}
export APCA_API_SECRET_KEY=${place.secret}`;

const curl = (place: Place): string => `curl -s -u ${place.id}:${place.secret} \\
  "${baseOf(place)}/v2/account"
curl -s -u ${place.id}:${place.secret} \\
  "${baseOf(place)}/v2/orders" \\
  -d '{"symbol": "AAPL", "qty": "1", "side": "buy", "type": "market", "time_in_force": "day"}'`;

/** In the order of the tabs. */
export const SNIPPETS = {
  "alpaca-py": { name: "alpaca-py", text: alpacaPy },
  "js-4": { name: "JavaScript 4", text: script4 },
  "js-3": { name: "JavaScript 3", text: script3 },
  go: { name: "Go", text: go },
  curl: { name: "curl", text: curl },
  variables: { name: "Variables", text: variables },
} as const satisfies Readonly<Record<string, Snippet>>;

export type SnippetName = keyof typeof SNIPPETS;

/** A private server, a session and an account of its own: it needs neither this server nor a key. */
export const runLine = (from: string, to: string): string => `tapedeck run --from ${from} --to ${to} -- python bot.py`;
