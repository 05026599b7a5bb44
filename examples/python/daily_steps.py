#!/usr/bin/env python3
"""Buys 10 shares of AAPL, steps through a week day by day, and prints the position each evening.

Needs nothing but Python. TAPEDECK_URL names another server than http://localhost:5000.
"""

import base64
import json
import os
import urllib.error
import urllib.request

URL = os.environ.get("TAPEDECK_URL", "http://localhost:5000")
KEY_ID = os.environ.get("TAPEDECK_KEY_ID", "test-api-key")
SECRET = os.environ.get("TAPEDECK_SECRET_KEY", "test-api-secret")
AUTHORIZATION = "Basic " + base64.b64encode(f"{KEY_ID}:{SECRET}".encode()).decode()


def call(method, path, body=None, session=None):
    """One request; returns the JSON of the answer, or ends with the server's own message."""
    request = urllib.request.Request(URL + path, method=method)
    request.add_header("Authorization", AUTHORIZATION)
    if session is not None:
        request.add_header("X-Session-Id", session)
    if body is not None:
        request.add_header("Content-Type", "application/json")
        request.data = json.dumps(body).encode()
    try:
        with urllib.request.urlopen(request) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{method} {path}: {error.code} {json.load(error)['message']}")
    except urllib.error.URLError as error:
        raise SystemExit(f"no server at {URL} ({error.reason}); start one with: tapedeck serve")


# 16:00 in New York, every trading day of a week.
EVENINGS = [f"2023-01-{day:02}T16:00:00-05:00" for day in (3, 4, 5, 6, 9)]

session = call(
    "POST",
    "/v1/sessions",
    {"startTime": "2023-01-03T09:30:00-05:00", "endTime": "2023-01-31T16:00:00-05:00", "name": "daily steps"},
)["id"]
account = call("POST", "/v1/accounts", {"initialCash": 100000}, session)["id"]
orders = f"/v1/trading/accounts/{account}/orders"
call("POST", orders, {"symbol": "AAPL", "side": "buy", "qty": 10, "type": "market"}, session)

for evening in EVENINGS:
    clock = call("POST", f"/v1/sessions/{session}/time/advance", {"targetTime": evening})["currentTime"]
    for position in call("GET", f"/v1/trading/accounts/{account}/positions", session=session):
        print(
            f"{clock}  {position['qty']} {position['symbol']} at {position['avg_entry_price']}, "
            f"now {position['current_price']}, profit {position['unrealized_pl']}"
        )

equity = call("GET", f"/v1/trading/accounts/{account}/account", session=session)["equity"]
print(f"equity {equity}")
