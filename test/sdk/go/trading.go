package main

import (
	"context"
	"fmt"
	"time"

	"github.com/alpacahq/alpaca-trade-api-go/v3/alpaca"
	"github.com/shopspring/decimal"
)

var (
	trading = alpaca.NewClient(alpaca.ClientOpts{})
	made    = 0
)

func amount(value int64) *decimal.Decimal {
	number := decimal.NewFromInt(value)
	return &number
}

func limitOrder() alpaca.PlaceOrderRequest {
	return alpaca.PlaceOrderRequest{
		Symbol: "TSLA", Qty: amount(1), Side: alpaca.Buy, Type: alpaca.Limit, TimeInForce: alpaca.GTC, LimitPrice: amount(1),
	}
}

func resting() string { return must(trading.PlaceOrder(limitOrder())).ID }

// hold buys shares, so that there is a position.
func hold(symbol string) string {
	must(trading.PlaceOrder(alpaca.PlaceOrderRequest{
		Symbol: symbol, Qty: amount(2), Side: alpaca.Buy, Type: alpaca.Market, TimeInForce: alpaca.Day,
	}))
	advance(1)
	return symbol
}

func watchlist() string {
	made++
	asked := alpaca.CreateWatchlistRequest{Name: fmt.Sprintf("list %d", made), Symbols: []string{"AAPL"}}
	return must(trading.CreateWatchlist(asked)).ID
}

// placeOrder places a bracket, for its legs are the hardest to read.
func placeOrder() error {
	order, err := trading.PlaceOrder(alpaca.PlaceOrderRequest{
		Symbol: "SPY", Qty: amount(1), Side: alpaca.Buy, Type: alpaca.Market, TimeInForce: alpaca.GTC,
		OrderClass: alpaca.Bracket,
		TakeProfit: &alpaca.TakeProfit{LimitPrice: amount(900)},
		StopLoss:   &alpaca.StopLoss{StopPrice: amount(10)},
	})
	if err == nil && len(order.Legs) != 2 {
		return fmt.Errorf("a bracket with %d legs", len(order.Legs))
	}
	return err
}

func byClientOrderID() error {
	asked := limitOrder()
	asked.ClientOrderID = "mine"
	must(trading.PlaceOrder(asked))
	return got(trading.GetOrderByClientOrderID("mine"))
}

func splits(since, until int) alpaca.GetAnnouncementsRequest {
	return alpaca.GetAnnouncementsRequest{CATypes: []string{"split"}, Since: january(since), Until: january(until)}
}

func january(day int) time.Time { return time.Date(2023, 1, day, 0, 0, 0, 0, time.UTC) }

func tradingCalls() (any, map[string]call) {
	calls := accountCalls()
	for _, others := range []map[string]call{orderCalls(), positionCalls(), assetCalls(), watchlistCalls()} {
		for name, each := range others {
			calls[name] = each
		}
	}
	return trading, calls
}

func accountCalls() map[string]call {
	asked := alpaca.UpdateAccountConfigurationsRequest{DtbpCheck: "entry", TradeConfirmEmail: "all", FractionalTrading: true}
	return map[string]call{
		"GetAccount":               {right: func() error { return got(trading.GetAccount()) }},
		"GetAccountConfigurations": {right: func() error { return got(trading.GetAccountConfigurations()) }},
		"UpdateAccountConfigurations": {
			func() error { return got(trading.UpdateAccountConfigurations(asked)) },
			func() error {
				return got(trading.UpdateAccountConfigurations(alpaca.UpdateAccountConfigurationsRequest{DtbpCheck: "never"}))
			},
		},
		"GetAccountActivities": {
			func() error {
				return got(trading.GetAccountActivities(alpaca.GetAccountActivitiesRequest{ActivityTypes: []string{"FILL"}, PageSize: 5}))
			},
			func() error {
				return got(trading.GetAccountActivities(alpaca.GetAccountActivitiesRequest{ActivityTypes: []string{"NOPE"}}))
			},
		},
		"GetPortfolioHistory": {
			func() error {
				return got(trading.GetPortfolioHistory(alpaca.GetPortfolioHistoryRequest{Period: "1D", TimeFrame: alpaca.Hour1}))
			},
			func() error {
				return got(trading.GetPortfolioHistory(alpaca.GetPortfolioHistoryRequest{TimeFrame: "7H"}))
			},
		},
		"GetClock": {right: func() error { return got(trading.GetClock()) }},
		"GetCalendar": {right: func() error {
			return got(trading.GetCalendar(alpaca.GetCalendarRequest{Start: january(3), End: january(5)}))
		}},
		"StreamTradeUpdates": {right: streamTradeUpdates, wrong: func() error {
			wrong := alpaca.NewClient(alpaca.ClientOpts{APISecret: "wrong"})
			return wrong.StreamTradeUpdates(context.Background(), func(alpaca.TradeUpdate) {}, alpaca.StreamTradeUpdatesRequest{})
		}},
		"StreamTradeUpdatesInBackground": {right: streamInBackground},
	}
}

func orderCalls() map[string]call {
	twice := alpaca.ReplaceOrderRequest{LimitPrice: amount(2)}
	unknown := limitOrder()
	unknown.Symbol = "NOPE"
	all := alpaca.GetOrdersRequest{Status: "all", Limit: 500, Nested: true, Symbols: []string{"TSLA", "SPY"}}
	return map[string]call{
		"PlaceOrder": {placeOrder, func() error { return got(trading.PlaceOrder(unknown)) }},
		"GetOrders": {
			func() error { return got(trading.GetOrders(all)) },
			func() error { return got(trading.GetOrders(alpaca.GetOrdersRequest{Limit: 501})) },
		},
		"GetOrder": {
			func() error { return got(trading.GetOrder(resting())) },
			func() error { return got(trading.GetOrder(missing)) },
		},
		"GetOrderByClientOrderID": {
			byClientOrderID, func() error { return got(trading.GetOrderByClientOrderID("nope")) },
		},
		"ReplaceOrder": {
			func() error { return got(trading.ReplaceOrder(resting(), twice)) },
			func() error { return got(trading.ReplaceOrder(missing, twice)) },
		},
		"CancelOrder": {
			func() error { return trading.CancelOrder(resting()) },
			func() error { return trading.CancelOrder(missing) },
		},
		"CancelAllOrders": {right: func() error { resting(); return trading.CancelAllOrders() }},
	}
}

func positionCalls() map[string]call {
	half := alpaca.ClosePositionRequest{Percentage: decimal.NewFromInt(50)}
	return map[string]call{
		"GetPositions": {right: func() error { hold("AAPL"); return got(trading.GetPositions()) }},
		"GetPosition": {
			func() error { return got(trading.GetPosition(hold("AAPL"))) },
			func() error { return got(trading.GetPosition("NVDA")) },
		},
		"ClosePosition": {
			func() error { return got(trading.ClosePosition(hold("MSFT"), half)) },
			func() error { return got(trading.ClosePosition("NVDA", alpaca.ClosePositionRequest{})) },
		},
		"CloseAllPositions": {right: func() error {
			hold("AAPL")
			return got(trading.CloseAllPositions(alpaca.CloseAllPositionsRequest{CancelOrders: true}))
		}},
	}
}

func assetCalls() map[string]call {
	return map[string]call{
		"GetAssets": {
			func() error { return got(trading.GetAssets(alpaca.GetAssetsRequest{Status: "active"})) },
			func() error { return got(trading.GetAssets(alpaca.GetAssetsRequest{Status: "lost"})) },
		},
		"GetAsset": {
			func() error { return got(trading.GetAsset("AAPL")) },
			func() error { return got(trading.GetAsset("NOPE")) },
		},
		"GetAnnouncements": {
			func() error { return got(trading.GetAnnouncements(splits(1, 31))) },
			func() error { return got(trading.GetAnnouncements(splits(5, 3))) },
		},
		"GetAnnouncement": {
			func() error { return got(trading.GetAnnouncement(must(trading.GetAnnouncements(splits(1, 31)))[0].ID)) },
			func() error { return got(trading.GetAnnouncement(missing)) },
		},
		"GetOptionContract": {right: func() error { return got(trading.GetOptionContract(option)) }},
		"GetOptionContracts": {right: func() error {
			return got(trading.GetOptionContracts(alpaca.GetOptionContractsRequest{UnderlyingSymbols: "AAPL"}))
		}},
	}
}

func watchlistCalls() map[string]call {
	create := func(name, symbol string) error {
		return got(trading.CreateWatchlist(alpaca.CreateWatchlistRequest{Name: name, Symbols: []string{symbol}}))
	}
	update := func(id string) error {
		asked := alpaca.UpdateWatchlistRequest{Name: "renamed", Symbols: []string{"MSFT"}}
		return got(trading.UpdateWatchlist(id, asked))
	}
	add := func(id string) error {
		return got(trading.AddSymbolToWatchlist(id, alpaca.AddSymbolToWatchlistRequest{Symbol: "QQQ"}))
	}
	remove := func(id string) error {
		return trading.RemoveSymbolFromWatchlist(id, alpaca.RemoveSymbolFromWatchlistRequest{Symbol: "AAPL"})
	}
	get := func(id string) error { return got(trading.GetWatchlist(id)) }
	both := func(method func(string) error) call {
		return call{func() error { return method(watchlist()) }, func() error { return method(missing) }}
	}
	return map[string]call{
		"GetWatchlists":             {right: func() error { return got(trading.GetWatchlists()) }},
		"CreateWatchlist":           {func() error { return create("mine", "AAPL") }, func() error { return create("bad", "NOPE") }},
		"GetWatchlist":              both(get),
		"UpdateWatchlist":           both(update),
		"AddSymbolToWatchlist":      both(add),
		"RemoveSymbolFromWatchlist": both(remove),
		"DeleteWatchlist":           both(trading.DeleteWatchlist),
	}
}
