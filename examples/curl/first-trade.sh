#!/bin/sh
# A first trade: a session, an account, an order, a minute of time, a position.
# Needs curl, and jq or node to read JSON. TAPEDECK_URL names another server than http://localhost:5000.
set -eu

URL=${TAPEDECK_URL:-http://localhost:5000}
KEY=${TAPEDECK_KEY_ID:-test-api-key}:${TAPEDECK_SECRET_KEY:-test-api-secret}

request() {
  curl -sS --fail-with-body -u "$KEY" -H "Content-Type: application/json" "$@"
}

# The field "id" of a JSON object.
read_id() {
  if command -v jq >/dev/null; then
    jq -r .id
  else
    node -e 'process.stdin.setEncoding("utf8").toArray().then((parts) => console.log(JSON.parse(parts.join("")).id))'
  fi
}

# The whole of a JSON value, for people.
show() {
  if command -v jq >/dev/null; then
    jq .
  else
    node -e 'process.stdin.setEncoding("utf8").toArray().then((parts) => console.log(JSON.parse(parts.join(""))))'
  fi
}

echo "1. Create a session"
SESSION=$(request -X POST "$URL/v1/sessions" \
  -d '{"startTime": "2023-01-03T09:30:00Z", "endTime": "2023-03-31T16:00:00Z", "name": "first trade"}' | read_id)
echo "$SESSION"

echo "2. Create an account"
ACCOUNT=$(request -X POST "$URL/v1/accounts" -H "X-Session-Id: $SESSION" -d '{"initialCash": 100000}' | read_id)
echo "$ACCOUNT"

echo "3. Place an order"
request -X POST "$URL/v1/trading/accounts/$ACCOUNT/orders" -H "X-Session-Id: $SESSION" \
  -d '{"symbol": "AAPL", "side": "buy", "qty": 10, "type": "market"}' | show

echo "4. Advance the clock by a minute; the order fills"
request -X POST "$URL/v1/sessions/$SESSION/time/advance" -d '{"duration": 1}' | show

echo "5. Look at the positions"
request "$URL/v1/trading/accounts/$ACCOUNT/positions" -H "X-Session-Id: $SESSION" | show
