"""Every public method of alpaca-py's TradingStream and StockDataStream, on a session whose clock is moved on."""
import asyncio

from alpaca.data.historical import StockHistoricalDataClient
from alpaca.data.live import StockDataStream
from alpaca.data.requests import StockBarsRequest
from alpaca.data.timeframe import TimeFrame
from alpaca.trading.client import TradingClient
from alpaca.trading.requests import MarketOrderRequest
from alpaca.trading.stream import TradingStream
from sdk_calls import BASE, KEY, SECRET, advance, require_all, tell
from sdk_streams import Log, ended, refused, start, wait_for

SOCKET = BASE.replace("http", "ws")
trading = TradingClient(KEY, SECRET, url_override=BASE)
history = StockHistoricalDataClient(KEY, SECRET, url_override=BASE)
trading_log = Log("alpaca.trading.stream")
data_log = Log("alpaca.data.live.websocket")
CHANNELS = ("bars", "quotes", "trades", "daily_bars", "updated_bars", "trading_statuses")


class ListeningStream(TradingStream):
    """Remembers the server's word that it listens, which the SDK passes over."""

    is_listening = False

    async def _dispatch(self, message):
        self.is_listening = self.is_listening or message.get("stream") == "listening"
        await super()._dispatch(message)


def buy():
    trading.submit_order(MarketOrderRequest(symbol="AAPL", qty=3, side="buy", time_in_force="day"))


def open_trading(heard):
    stream = ListeningStream(KEY, SECRET, url_override=f"{SOCKET}/stream")

    async def hear(update):
        heard.append(update)

    stream.subscribe_trade_updates(hear)
    thread = start(stream)
    wait_for(lambda: stream.is_listening, "listening")
    return stream, thread


def trading_stream():
    updates = []
    stream, thread = open_trading(updates)
    buy()
    advance(1)
    wait_for(lambda: [update for update in updates if update.event == "fill"], "a fill")
    position = trading.get_open_position("AAPL")
    tell({"updates": [[update.event, update.order.status.value, update.price, update.qty] for update in updates]})
    tell({"position": [float(position.avg_entry_price), float(position.qty)]})
    stream.stop()
    buy()
    ended(thread)

    updates.clear()
    stream, thread = open_trading(updates)
    asyncio.run_coroutine_threadsafe(stream.close(), stream._loop).result()
    stream.is_listening = False
    wait_for(lambda: stream.is_listening, "the SDK connects again")
    buy()
    wait_for(lambda: updates, "an update after the connection was closed")
    asyncio.run_coroutine_threadsafe(stream.stop_ws(), stream._loop).result()
    buy()
    ended(thread)

    wrong = TradingStream(KEY, "wrong", url_override=f"{SOCKET}/stream")
    wrong.subscribe_trade_updates(nothing)
    failures = {"run": refused(wrong, trading_log)}
    tell_methods(TradingStream, ["close", "run", "stop", "stop_ws", "subscribe_trade_updates"], failures)


async def nothing(_):
    """A handler of what is not looked at."""


def subscribe(stream, heard, symbol):
    for channel in CHANNELS:

        async def hear(message, channel=channel):
            heard.setdefault(channel, []).append(message)

        getattr(stream, f"subscribe_{channel}")(hear, symbol)


def open_data(heard):
    stream = StockDataStream(KEY, SECRET, url_override=f"{SOCKET}/v2/iex")
    subscribe(stream, heard, "AAPL")
    thread = start(stream)
    wait_for(lambda: data_log.said("^subscribed to .*statuses"), "the subscription")
    return stream, thread


def data_stream():
    heard = {}
    stream, thread = open_data(heard)
    stream.register_trade_cancels(nothing)
    stream.register_trade_corrections(nothing)
    advance(2)
    wait_for(lambda: len(heard.get("bars", [])) == 2 and len(heard.get("daily_bars", [])) == 2, "two bars")
    latest = StockBarsRequest(symbol_or_symbols="AAPL", timeframe=TimeFrame.Minute, start=heard["bars"][0].timestamp)
    tell({"bars": [bar.model_dump() for bar in heard["bars"]]})
    tell({"history": [bar.model_dump() for bar in history.get_stock_bars(latest)["AAPL"]]})
    tell({"last": {name: messages[-1].model_dump() for name, messages in heard.items()}})

    others = unsubscribe(stream)
    heard.clear()
    advance(2)
    wait_for(lambda: len(others) == 2, "the bars of another symbol")
    tell({"afterUnsubscribing": sorted(heard)})
    stream.stop()
    advance(1)
    ended(thread)

    heard.clear()
    stream, thread = open_data(heard)
    asyncio.run_coroutine_threadsafe(stream.close(), stream._loop).result()
    wait_for(lambda: data_log.said("^subscribed to .*statuses"), "the SDK connects again")
    advance(1)
    wait_for(lambda: heard.get("bars"), "a bar after the connection was closed")
    asyncio.run_coroutine_threadsafe(stream.stop_ws(), stream._loop).result()
    advance(1)
    ended(thread)

    wrong = StockDataStream(KEY, "wrong", url_override=f"{SOCKET}/v2/iex")
    wrong.subscribe_bars(nothing, "AAPL")
    names = [f"{verb}_{channel}" for verb in ("subscribe", "unsubscribe") for channel in CHANNELS]
    names += ["register_trade_cancels", "register_trade_corrections", "run", "stop", "stop_ws", "close"]
    tell_methods(StockDataStream, names, {"run": refused(wrong, data_log)})


def unsubscribe(stream):
    """Leaves the bars of another symbol alone, whose coming says that no others will."""
    others = []

    async def hear(bar):
        others.append(bar)

    stream.subscribe_bars(hear, "MSFT")
    for channel in CHANNELS:
        getattr(stream, f"unsubscribe_{channel}")("AAPL")
    wait_for(lambda: data_log.said(r"^subscribed to bars: \['MSFT'\]$"), "one symbol is left")
    return others


def tell_methods(owner, names, failures):
    require_all(owner, names)
    for name in names:
        tell({"method": f"{owner.__name__}.{name}", "success": "works", "failure": failures.get(name)})


trading_stream()
data_stream()
