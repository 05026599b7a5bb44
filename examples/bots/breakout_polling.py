"""A breakout bot that asks once a minute, with alpaca-py. It knows nothing of Tapedeck:

    tapedeck run --from 2023-01-03 --to 2023-01-03 -- python3 examples/bots/breakout_polling.py
"""

import os
import time
from datetime import datetime, timezone

from alpaca.data.historical import StockHistoricalDataClient
from alpaca.data.requests import StockLatestBarRequest
from alpaca.trading.client import TradingClient
from alpaca.trading.requests import MarketOrderRequest

KEYS = (os.environ["APCA_API_KEY_ID"], os.environ["APCA_API_SECRET_KEY"])
trading = TradingClient(*KEYS, paper=True)
data = StockHistoricalDataClient(*KEYS)
bars = []
holding = False


def look():
    """Buys above the high of the five bars before, sells below their low."""
    global holding
    bars.append(data.get_stock_latest_bar(StockLatestBarRequest(symbol_or_symbols="SPY"))["SPY"])
    *before, last = bars[-6:]
    if len(before) < 5:
        return
    if not holding and last.close > max(bar.high for bar in before):
        trading.submit_order(MarketOrderRequest(symbol="SPY", qty=10, side="buy", time_in_force="day"))
    elif holding and last.close < min(bar.low for bar in before):
        trading.close_position("SPY")
    else:
        return
    holding = not holding
    print("buy" if holding else "sell", datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"))


while True:
    time.sleep(60)
    if not trading.get_clock().is_open:
        break
    look()
