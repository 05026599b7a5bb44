"""Every public method of alpaca-trade-api's REST, called on a session. The addresses and keys come from its own variables."""
import itertools

from alpaca_trade_api.entity import Account
from alpaca_trade_api.rest import REST, TimeFrame
from sdk_calls import MISSING, advance, tell_all

api = REST()
count = itertools.count()
RANGE = {"start": "2023-01-03", "end": "2023-01-05", "limit": 5}
BACKWARDS = {"start": "2023-01-05", "end": "2023-01-03"}
BOTH = ["AAPL", "MSFT"]
COIN, COINS, NO_COIN = "BTC/USD", ["BTC/USD", "ETH/USD"], "BTCUSD"


def limit(**changes):
    asked = {"symbol": "TSLA", "qty": 1, "type": "limit", "time_in_force": "gtc", "limit_price": "1", **changes}
    return api.submit_order(**asked)


def hold(symbol):
    api.submit_order(symbol, qty=2)
    advance(1)
    return symbol


def watchlist(name=None):
    return api.create_watchlist(name or f"list {next(count)}", ["AAPL"]).id


def submit_order():
    exits = {"take_profit": {"limit_price": "900"}, "stop_loss": {"stop_price": "10"}}
    order = api.submit_order("SPY", qty=1, time_in_force="gtc", order_class="bracket", **exits)
    assert len(order.legs) == 2, order


def bars():
    """More than a page of minutes, so that the SDK follows the token of the next one."""
    found = api.get_bars(["AAPL", "MSFT", "SPY"], TimeFrame.Minute, start="2023-01-03").df
    assert len(found) > 10_000 and set(found["symbol"]) == {"AAPL", "MSFT", "SPY"}, found


def both(call, **known):
    """Of a method for one or many symbols: a right call for many, and one that asks backwards."""
    return lambda: call(BOTH, **known, **RANGE), lambda: call("AAPL", **known, **BACKWARDS)


def latest(name):
    """Of the latest of one symbol: a right call, and one of a symbol that is not there."""
    return lambda: getattr(api, name)("AAPL"), lambda: getattr(api, name)("NOPE")


def latest_of_many(name):
    return lambda: getattr(api, name)(BOTH)["AAPL"], lambda: getattr(api, name)(BOTH, feed="cnn")


def coins(name, **known):
    call = getattr(api, name)
    return lambda: call(COINS, **known, **RANGE), lambda: call(NO_COIN, **known, **RANGE)


def latest_coins(name):
    return lambda: getattr(api, name)(COINS), lambda: getattr(api, name)([NO_COIN])


DAYS = {"timeframe": TimeFrame.Day}
RENAMED = {"name": "renamed", "symbols": ["MSFT"]}

# Of each method: a right call, and a wrong one where there is one.
CALLS = {
    "get": (lambda: api.get("/clock"), lambda: api.get("/nowhere")),
    "post": (lambda: api.post("/orders", {"symbol": "AAPL", "qty": 1, "side": "buy", "type": "market",
                                          "time_in_force": "day"}), lambda: api.post("/orders", {})),
    "put": (lambda: api.put(f"/watchlists/{watchlist()}", {"name": "put"}),
            lambda: api.put(f"/watchlists/{MISSING}", {"name": "put"})),
    "patch": (lambda: api.patch("/account/configurations", {"no_shorting": False}),
              lambda: api.patch("/account/configurations", {"no_shorting": 5})),
    "delete": (lambda: api.delete(f"/orders/{limit().id}"), lambda: api.delete(f"/orders/{MISSING}")),
    "data_get": (lambda: api.data_get("/stocks/AAPL/bars/latest", api_version="v2"),
                 lambda: api.data_get("/stocks/NOPE/bars/latest", api_version="v2")),
    "response_wrapper": (lambda: api.response_wrapper(api.get("/account"), Account).cash,),
    "get_account": (lambda: api.get_account().created_at.year,),
    "get_account_configurations": (lambda: api.get_account_configurations(),),
    "update_account_configurations": (lambda: api.update_account_configurations(no_shorting=False),
                                      lambda: api.update_account_configurations(dtbp_check="never")),
    "list_orders": (lambda: api.list_orders(status="all", limit=500, nested=True, symbols=["TSLA", "SPY"]),
                    lambda: api.list_orders(limit=501)),
    "submit_order": (submit_order, lambda: limit(symbol="NOPE")),
    "get_order_by_client_order_id": (
        lambda: limit(client_order_id="mine") and api.get_order_by_client_order_id("mine"),
        lambda: api.get_order_by_client_order_id("nope")),
    "get_order": (lambda: api.get_order(limit().id, nested=True), lambda: api.get_order(MISSING)),
    "replace_order": (lambda: api.replace_order(limit().id, limit_price="2"),
                      lambda: api.replace_order(MISSING, limit_price="2")),
    "cancel_order": (lambda: api.cancel_order(limit().id), lambda: api.cancel_order(MISSING)),
    "cancel_all_orders": (lambda: limit() and api.cancel_all_orders(),),
    "list_positions": (lambda: hold("AAPL") and api.list_positions()[0].qty,),
    "get_position": (lambda: api.get_position(hold("AAPL")), lambda: api.get_position("NVDA")),
    "close_position": (lambda: api.close_position(hold("MSFT"), qty=1), lambda: api.close_position("NVDA")),
    "close_all_positions": (lambda: hold("AAPL") and api.close_all_positions(),),
    "list_assets": (lambda: api.list_assets(status="active"), lambda: api.list_assets(status="lost")),
    "get_asset": (lambda: api.get_asset("AAPL"), lambda: api.get_asset("NOPE")),
    "get_clock": (lambda: api.get_clock().timestamp.year,),
    "get_calendar": (lambda: api.get_calendar("2023-01-03", "2023-01-05")[0].open,
                     lambda: api.get_calendar("2023-01-03", "2023-13-33")),
    "get_activities": (lambda: api.get_activities(activity_types="FILL", page_size=5),
                       lambda: api.get_activities(activity_types="NOPE")),
    "get_portfolio_history": (lambda: api.get_portfolio_history(period="1D", timeframe="1H").df,
                              lambda: api.get_portfolio_history(timeframe="7H")),
    "get_watchlists": (lambda: api.get_watchlists(),),
    "create_watchlist": (lambda: api.create_watchlist("new", BOTH), lambda: api.create_watchlist("bad", ["NOPE"])),
    "get_watchlist": (lambda: api.get_watchlist(watchlist()), lambda: api.get_watchlist(MISSING)),
    "get_watchlist_by_name": (lambda: watchlist("named") and api.get_watchlist_by_name("named"),
                              lambda: api.get_watchlist_by_name("nope")),
    "update_watchlist": (lambda: api.update_watchlist(watchlist(), **RENAMED),
                         lambda: api.update_watchlist(MISSING, **RENAMED)),
    "add_to_watchlist": (lambda: api.add_to_watchlist(watchlist(), "QQQ"),
                         lambda: api.add_to_watchlist(MISSING, "QQQ")),
    "delete_from_watchlist": (lambda: api.delete_from_watchlist(watchlist(), "AAPL"),
                              lambda: api.delete_from_watchlist(MISSING, "AAPL")),
    "delete_watchlist": (lambda: api.delete_watchlist(watchlist()), lambda: api.delete_watchlist(MISSING)),
    "get_bars": (bars, lambda: api.get_bars("AAPL", TimeFrame.Day, **BACKWARDS)),
    "get_bars_iter": both(api.get_bars_iter, **DAYS),
    "get_quotes": both(api.get_quotes),
    "get_quotes_iter": both(api.get_quotes_iter),
    "get_trades": both(api.get_trades),
    "get_trades_iter": both(api.get_trades_iter),
    **{name: latest(name) for name in ("get_latest_bar", "get_latest_quote", "get_latest_trade", "get_snapshot")},
    **{
        name: latest_of_many(name)
        for name in ("get_latest_bars", "get_latest_quotes", "get_latest_trades", "get_snapshots")
    },
    "get_crypto_bars": coins("get_crypto_bars", **DAYS),
    "get_crypto_bars_iter": coins("get_crypto_bars_iter", **DAYS),
    **{
        name: coins(name)
        for name in ("get_crypto_quotes", "get_crypto_quotes_iter", "get_crypto_trades", "get_crypto_trades_iter")
    },
    **{
        name: latest_coins(name)
        for name in ("get_latest_crypto_bars", "get_latest_crypto_quotes", "get_latest_crypto_trades",
                     "get_crypto_snapshots")
    },
    "get_crypto_snapshot": (lambda: api.get_crypto_snapshot(COIN), lambda: api.get_crypto_snapshot(NO_COIN)),
    "get_latest_crypto_orderbook": (lambda: api.get_latest_crypto_orderbook(COIN),),
    "get_latest_crypto_orderbooks": (lambda: api.get_latest_crypto_orderbooks(COINS),),
    "get_news": (lambda: api.get_news("AAPL"), lambda: api.get_news("AAPL", start="soon")),
    "get_news_iter": (lambda: api.get_news_iter("AAPL"), lambda: api.get_news_iter("AAPL", start="soon")),
    "close": (lambda: api.close(),),
}

tell_all(REST, CALLS)
