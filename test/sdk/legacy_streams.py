"""The trade updates and bars of alpaca-trade-api's Stream, on a session whose clock is moved on."""
from alpaca_trade_api.rest import REST, TimeFrame
from alpaca_trade_api.stream import Stream
from sdk_calls import advance, tell
from sdk_streams import Log, ended, refused, start, wait_for

api = REST()
log = Log("alpaca_trade_api.stream")
updates, bars, others, trades = [], [], [], []
stream = Stream(data_feed="iex")


@stream.on_trade_update
async def hear_update(update):
    updates.append(update)


@stream.on_bar("AAPL")
async def hear_bar(bar):
    bars.append(bar)


async def hear_other(bar):
    others.append(bar)


async def hear_trade(trade):
    trades.append(trade)


def streams():
    stream.subscribe_trade_updates(hear_update)
    stream.subscribe_bars(hear_bar, "AAPL")
    stream.subscribe_bars(hear_other, "MSFT")
    stream.subscribe_trades(hear_trade, "AAPL")
    listening = listen_for_listening(stream._trading_ws)
    thread = start(stream)
    wait_for(lambda: log.said("^subscribed to trades: .'AAPL'.*bars: .*MSFT"), "the subscription")
    wait_for(lambda: listening and stream.is_open(), "the trade updates")
    api.submit_order("AAPL", qty=3)
    advance(2)
    wait_for(lambda: [update for update in updates if update.event == "fill"], "a fill")
    wait_for(lambda: len(bars) == 2 and len(others) == 2, "two bars")
    position = api.get_position("AAPL")
    tell({"updates": [[one.event, one.order["status"], number(one, "price"), number(one, "qty")] for one in updates]})
    tell({"position": [float(position.avg_entry_price), float(position.qty)]})
    tell({"bars": [[bar.timestamp, bar.open, bar.high, bar.low, bar.close, bar.volume] for bar in bars]})
    tell({"history": [row(bar) for bar in api.get_bars_iter("AAPL", TimeFrame.Minute, start="2023-01-03T14:30:00Z")]})
    tell({"trade": trades[-1].price})

    stream.unsubscribe_bars("AAPL")
    stream.unsubscribe_trades("AAPL")
    bars.clear(), others.clear(), trades.clear()
    wait_for(lambda: log.said("^subscribed to trades: .., .*bars: .'MSFT'"), "one symbol is left")
    advance(2)
    wait_for(lambda: len(others) == 2, "the bars of another symbol")
    tell({"afterUnsubscribing": bars + trades})
    return thread


def listen_for_listening(socket):
    """Remembers the server's word that it listens, which the SDK passes over."""
    heard, dispatch = [], socket._dispatch

    async def remember(message):
        if message.get("stream") == "listening":
            heard.append(message)
        await dispatch(message)

    socket._dispatch = remember
    return heard


def stop(thread):
    """Something comes on each socket, so that it looks up."""
    stream.stop()
    api.submit_order("AAPL", qty=1)
    advance(1)
    ended(thread)


def wrong_key():
    """The SDK would try again for ever."""
    wrong = Stream(secret_key="wrong")
    wrong.subscribe_trade_updates(hear_update)
    return refused(wrong, log)


def number(update, name):
    return float(getattr(update, name)) if name in update._raw else None


def row(bar):
    return [bar.t.value, bar.o, bar.h, bar.l, bar.c, bar.v]


stop(streams())
FAILURES = {"run": wrong_key()}
for name in ("on_trade_update", "on_bar", "subscribe_trade_updates", "subscribe_bars", "subscribe_trades",
             "unsubscribe_bars", "unsubscribe_trades", "is_open", "run", "stop"):
    tell({"method": f"Stream.{name}", "success": "works", "failure": FAILURES.get(name)})
