"""Every public method of alpaca-py's TradingClient and StockHistoricalDataClient, called on a session."""
import datetime
import itertools

from alpaca.data.historical import StockHistoricalDataClient
from alpaca.data.models import BarSet
from alpaca.data.requests import (
    StockBarsRequest,
    StockLatestBarRequest,
    StockLatestQuoteRequest,
    StockLatestTradeRequest,
    StockQuotesRequest,
    StockSnapshotRequest,
    StockTradesRequest,
)
from alpaca.data.timeframe import TimeFrame
from alpaca.trading.client import TradingClient
from alpaca.trading.requests import (
    ClosePositionRequest,
    CreateWatchlistRequest,
    GetAssetsRequest,
    GetCalendarRequest,
    GetCorporateAnnouncementsRequest,
    GetOptionContractsRequest,
    GetOrderByIdRequest,
    GetOrdersRequest,
    GetPortfolioHistoryRequest,
    LimitOrderRequest,
    MarketOrderRequest,
    ReplaceOrderRequest,
    StopLossRequest,
    TakeProfitRequest,
    UpdateWatchlistRequest,
)
from sdk_calls import BASE, KEY, MISSING, SECRET, advance, tell_all

trading = TradingClient(KEY, SECRET, url_override=BASE)
data = StockHistoricalDataClient(KEY, SECRET, url_override=BASE)
OPTION = "AAPL240119C00100000"
count = itertools.count()
DAY = datetime.date
SPLITS = {"since": DAY(2023, 1, 1), "until": DAY(2023, 1, 31)}


def limit(**changes):
    asked = {"symbol": "TSLA", "qty": 1, "side": "buy", "time_in_force": "gtc", "limit_price": 1, **changes}
    return trading.submit_order(LimitOrderRequest(**asked))


def market(symbol, **changes):
    asked = {"symbol": symbol, "qty": 2, "side": "buy", "time_in_force": "day", **changes}
    return trading.submit_order(MarketOrderRequest(**asked))


def hold(symbol):
    market(symbol)
    advance(1)
    return symbol


def watchlist():
    return trading.create_watchlist(CreateWatchlistRequest(name=f"list {next(count)}", symbols=["AAPL"])).id


def submit_order():
    """A bracket, for its legs are the hardest to read."""
    exits = {"take_profit": TakeProfitRequest(limit_price=900), "stop_loss": StopLossRequest(stop_price=10)}
    order = market("SPY", time_in_force="gtc", order_class="bracket", **exits)
    assert len(order.legs) == 2, order


def close_position():
    order = trading.close_position(hold("MSFT"), ClosePositionRequest(percentage="50"))
    assert order.qty == "1", order


def announcement():
    asked = GetCorporateAnnouncementsRequest(ca_types=["split"], **SPLITS)
    return trading.get_corporate_announcement_by_id(trading.get_corporate_announcements(asked)[0].id)


def by_client_id():
    name = f"mine {next(count)}"
    assert limit(client_order_id=name).id == trading.get_order_by_client_id(name).id


def bars_of_aapl():
    return data.get("/stocks/bars", {"symbols": "AAPL", "timeframe": "1Day", "start": "2022-12-01"})["bars"]


MARKET = {"symbol": "AAPL", "qty": "1", "side": "buy", "type": "market", "time_in_force": "day"}
RENAMED = UpdateWatchlistRequest(name="renamed", symbols=["MSFT"])
TWICE = ReplaceOrderRequest(limit_price=2)

# Of each method: a right call, and a wrong one where there is one.
TRADING = {
    "get": (lambda: trading.get("/clock"), lambda: trading.get("/nowhere")),
    "post": (lambda: trading.post("/orders", MARKET), lambda: trading.post("/orders", {})),
    "put": (
        lambda: trading.put(f"/watchlists/{watchlist()}", {"name": f"put {next(count)}", "symbols": ["SPY"]}),
        lambda: trading.put(f"/watchlists/{MISSING}", {"name": "put"}),
    ),
    "patch": (
        lambda: trading.patch("/account/configurations", {"no_shorting": False}),
        lambda: trading.patch("/account/configurations", {"no_shorting": 5}),
    ),
    "delete": (lambda: trading.delete(f"/orders/{limit().id}"), lambda: trading.delete(f"/orders/{MISSING}")),
    "response_wrapper": (lambda: trading.response_wrapper(BarSet, bars_of_aapl()),),
    "get_account": (lambda: trading.get_account(),),
    "get_account_configurations": (lambda: trading.get_account_configurations(),),
    "set_account_configurations": (
        lambda: trading.set_account_configurations(trading.get_account_configurations()),
        lambda: trading.set_account_configurations(
            trading.get_account_configurations().model_copy(update={"max_margin_multiplier": "9"})
        ),
    ),
    "submit_order": (submit_order, lambda: market("NOPE")),
    "get_orders": (
        lambda: trading.get_orders(GetOrdersRequest(status="all", nested=True, limit=500, symbols=["SPY", "TSLA"])),
        lambda: trading.get_orders(GetOrdersRequest(limit=501)),
    ),
    "get_order_by_id": (
        lambda: trading.get_order_by_id(limit().id, GetOrderByIdRequest(nested=True)),
        lambda: trading.get_order_by_id(MISSING),
    ),
    "get_order_by_client_id": (by_client_id, lambda: trading.get_order_by_client_id("nope")),
    "replace_order_by_id": (
        lambda: trading.replace_order_by_id(limit().id, TWICE),
        lambda: trading.replace_order_by_id(MISSING, TWICE),
    ),
    "cancel_order_by_id": (
        lambda: trading.cancel_order_by_id(limit().id),
        lambda: trading.cancel_order_by_id(MISSING),
    ),
    "cancel_orders": (lambda: limit() and trading.cancel_orders(),),
    "get_all_positions": (lambda: hold("AAPL") and trading.get_all_positions(),),
    "get_open_position": (
        lambda: trading.get_open_position(hold("AAPL")),
        lambda: trading.get_open_position("NVDA"),
    ),
    "close_position": (close_position, lambda: trading.close_position("NVDA")),
    "close_all_positions": (lambda: hold("AAPL") and trading.close_all_positions(cancel_orders=True),),
    "get_portfolio_history": (
        lambda: trading.get_portfolio_history(GetPortfolioHistoryRequest(period="1D", timeframe="1H")),
        lambda: trading.get_portfolio_history(GetPortfolioHistoryRequest(timeframe="7H")),
    ),
    "get_all_assets": (lambda: trading.get_all_assets(GetAssetsRequest(status="active")),),
    "get_asset": (lambda: trading.get_asset("AAPL"), lambda: trading.get_asset("NOPE")),
    "get_clock": (lambda: trading.get_clock(),),
    "get_calendar": (
        lambda: trading.get_calendar(GetCalendarRequest(start=DAY(2023, 1, 3), end=DAY(2023, 1, 5))),
        lambda: trading.get_calendar(GetCalendarRequest().model_copy(update={"start": "soon"})),
    ),
    "get_watchlists": (lambda: trading.get_watchlists(),),
    "create_watchlist": (
        lambda: trading.create_watchlist(CreateWatchlistRequest(name="mine", symbols=["AAPL", "MSFT"])),
        lambda: trading.create_watchlist(CreateWatchlistRequest(name="bad", symbols=["NOPE"])),
    ),
    "get_watchlist_by_id": (
        lambda: trading.get_watchlist_by_id(watchlist()),
        lambda: trading.get_watchlist_by_id(MISSING),
    ),
    "update_watchlist_by_id": (
        lambda: trading.update_watchlist_by_id(watchlist(), RENAMED),
        lambda: trading.update_watchlist_by_id(MISSING, RENAMED),
    ),
    "add_asset_to_watchlist_by_id": (
        lambda: trading.add_asset_to_watchlist_by_id(watchlist(), "QQQ"),
        lambda: trading.add_asset_to_watchlist_by_id(MISSING, "QQQ"),
    ),
    "remove_asset_from_watchlist_by_id": (
        lambda: trading.remove_asset_from_watchlist_by_id(watchlist(), "AAPL"),
        lambda: trading.remove_asset_from_watchlist_by_id(MISSING, "AAPL"),
    ),
    "delete_watchlist_by_id": (
        lambda: trading.delete_watchlist_by_id(watchlist()),
        lambda: trading.delete_watchlist_by_id(MISSING),
    ),
    "get_corporate_announcements": (
        lambda: trading.get_corporate_announcements(GetCorporateAnnouncementsRequest(ca_types=["dividend"], **SPLITS)),
        lambda: trading.get_corporate_announcements(
            GetCorporateAnnouncementsRequest(ca_types=["split"], since=DAY(2023, 1, 5), until=DAY(2023, 1, 3))
        ),
    ),
    "get_corporate_announcement_by_id": (announcement, lambda: trading.get_corporate_announcement_by_id(MISSING)),
    "get_option_contracts": (
        lambda: trading.get_option_contracts(GetOptionContractsRequest(underlying_symbols=["AAPL"])),
    ),
    "get_option_contract": (lambda: trading.get_option_contract(OPTION),),
    "exercise_options_position": (lambda: trading.exercise_options_position(OPTION),),
}

START, END = datetime.datetime(2023, 1, 3), datetime.datetime(2023, 1, 5)
RANGE = {"symbol_or_symbols": ["AAPL", "MSFT"], "start": START, "end": END, "limit": 5}
BACKWARDS = {**RANGE, "start": END, "end": START}
ONE, BAD = {"symbol_or_symbols": "AAPL"}, {"feed": "cnn"}


def bars():
    """More than a page of minutes, so that the SDK follows the token of the next one."""
    symbols = ["AAPL", "MSFT", "SPY"]
    asked = StockBarsRequest(symbol_or_symbols=symbols, timeframe=TimeFrame.Minute, start=START)
    found = data.get_stock_bars(asked).df
    assert len(found) > 10_000 and found.index.is_unique, found


HISTORY = {
    "get": (lambda: data.get("/stocks/AAPL/bars/latest"), lambda: data.get("/stocks/NOPE/bars/latest")),
    **{name: (lambda name=name: getattr(data, name)("/stocks/bars"),) for name in ("post", "put", "patch", "delete")},
    "response_wrapper": (lambda: data.response_wrapper(BarSet, bars_of_aapl()),),
    "get_stock_bars": (
        bars,
        lambda: data.get_stock_bars(StockBarsRequest(timeframe=TimeFrame.Day, **BACKWARDS)),
    ),
    "get_stock_quotes": (
        lambda: data.get_stock_quotes(StockQuotesRequest(**RANGE)),
        lambda: data.get_stock_quotes(StockQuotesRequest(**BACKWARDS)),
    ),
    "get_stock_trades": (
        lambda: data.get_stock_trades(StockTradesRequest(**RANGE)),
        lambda: data.get_stock_trades(StockTradesRequest(**BACKWARDS)),
    ),
    "get_stock_latest_bar": (
        lambda: data.get_stock_latest_bar(StockLatestBarRequest(**ONE))["AAPL"],
        lambda: data.get_stock_latest_bar(StockLatestBarRequest(**ONE).model_copy(update=BAD)),
    ),
    "get_stock_latest_quote": (
        lambda: data.get_stock_latest_quote(StockLatestQuoteRequest(**ONE))["AAPL"],
        lambda: data.get_stock_latest_quote(StockLatestQuoteRequest(**ONE).model_copy(update=BAD)),
    ),
    "get_stock_latest_trade": (
        lambda: data.get_stock_latest_trade(StockLatestTradeRequest(**ONE))["AAPL"],
        lambda: data.get_stock_latest_trade(StockLatestTradeRequest(**ONE).model_copy(update=BAD)),
    ),
    "get_stock_snapshot": (
        lambda: data.get_stock_snapshot(StockSnapshotRequest(**ONE))["AAPL"].daily_bar.close,
        lambda: data.get_stock_snapshot(StockSnapshotRequest(**ONE).model_copy(update=BAD)),
    ),
}

tell_all(TradingClient, TRADING)
tell_all(StockHistoricalDataClient, HISTORY)
