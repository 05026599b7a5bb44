"""The same breakout bot, which listens for bars, with alpaca-py:

    tapedeck run --from 2023-01-03 --to 2023-01-03 -- python3 examples/bots/breakout_streaming.py
"""

import os
from datetime import datetime, timezone

from alpaca.data.live import StockDataStream
from alpaca.trading.client import TradingClient
from alpaca.trading.requests import MarketOrderRequest

KEYS = (os.environ["APCA_API_KEY_ID"], os.environ["APCA_API_SECRET_KEY"])
trading = TradingClient(*KEYS, paper=True)
stream = StockDataStream(*KEYS)
bars = []
holding = False


async def on_bar(bar):
    """Buys above the high of the five bars before, sells below their low."""
    global holding
    bars.append(bar)
    *before, last = bars[-6:]
    if len(before) < 5:
        return
    if not holding and last.close > max(each.high for each in before):
        trading.submit_order(MarketOrderRequest(symbol="SPY", qty=10, side="buy", time_in_force="day"))
    elif holding and last.close < min(each.low for each in before):
        trading.close_position("SPY")
    else:
        return
    holding = not holding
    print("buy" if holding else "sell", datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"))


stream.subscribe_bars(on_bar, "SPY")
stream.run()
