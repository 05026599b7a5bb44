package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/alpacahq/alpaca-trade-api-go/v3/alpaca"
	"github.com/alpacahq/alpaca-trade-api-go/v3/marketdata"
	"github.com/alpacahq/alpaca-trade-api-go/v3/marketdata/stream"
)

// heard keeps what handlers are told: they are called on goroutines of the SDK.
type heard[T any] struct {
	mutex sync.Mutex
	items []T
}

func (h *heard[T]) add(item T) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.items = append(h.items, item)
}

func (h *heard[T]) all() []T {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	return append([]T{}, h.items...)
}

// streamTradeUpdates hears of an order that was placed before it listened, and of its fill.
func streamTradeUpdates() error {
	hold("NVDA")
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	updates, ended := &heard[alpaca.TradeUpdate]{}, make(chan error, 1)
	go func() {
		ended <- trading.StreamTradeUpdates(ctx, updates.add, alpaca.StreamTradeUpdatesRequest{Since: january(1)})
	}()
	waitFor("trade updates of the past", func() bool { return len(updates.all()) > 0 || len(ended) > 0 })
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// streamInBackground places orders until one is heard of: nothing says when the stream listens.
func streamInBackground() error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	updates := &heard[alpaca.TradeUpdate]{}
	trading.StreamTradeUpdatesInBackground(ctx, updates.add)
	waitFor("a trade update", func() bool {
		resting()
		time.Sleep(50 * time.Millisecond)
		return len(updates.all()) > 0
	})
	return nil
}

func tellStreams() {
	tellTradeUpdates()
	tellPrices()
}

func tellTradeUpdates() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	updates := &heard[alpaca.TradeUpdate]{}
	go trading.StreamTradeUpdates(ctx, updates.add, alpaca.StreamTradeUpdatesRequest{Since: january(1)})
	hold("AAPL")
	waitFor("three trade updates", func() bool { return len(updates.all()) >= 3 })
	lines := [][]any{}
	for _, update := range updates.all() {
		lines = append(lines, []any{update.Event, update.Order.Status, update.Price, update.Qty})
	}
	position := must(trading.GetPosition("AAPL"))
	tell(map[string]any{"updates": lines, "position": []any{position.AvgEntryPrice, position.Qty}})
}

type prices struct {
	bars, dailyBars, others heard[stream.Bar]
	quotes                  heard[stream.Quote]
	trades                  heard[stream.Trade]
}

func tellPrices() {
	ctx, cancel := context.WithCancel(context.Background())
	client, seen := stream.NewStocksClient(marketdata.IEX), &prices{}
	calls := map[string]call{"Connect": {func() error { return client.Connect(ctx) }, wrongKeys}}
	subscribing := subscribeCalls(client, seen)
	unsubscribing := unsubscribeCalls(client)
	tellMethod(client, "Connect", calls["Connect"])
	tellCalls(client, subscribing)
	advance(2)
	waitFor("bars, quotes and trades", func() bool {
		return len(seen.bars.all()) == 2 && len(seen.others.all()) == 2 && len(seen.quotes.all()) >= 2 &&
			len(seen.trades.all()) >= 2 && len(seen.dailyBars.all()) == 2
	})
	tellHeard(seen)
	tellCalls(client, unsubscribing)
	before := len(seen.bars.all()) + len(seen.quotes.all()) + len(seen.trades.all()) + len(seen.dailyBars.all())
	advance(2)
	waitFor("the bars of another symbol", func() bool { return len(seen.others.all()) == 4 })
	after := len(seen.bars.all()) + len(seen.quotes.all()) + len(seen.trades.all()) + len(seen.dailyBars.all())
	tell(map[string]any{"afterUnsubscribing": after - before})
	calls["Terminated"] = call{right: func() error { cancel(); return <-client.Terminated() }}
	tellMethod(client, "Terminated", calls["Terminated"])
	for _, others := range []map[string]call{subscribing, unsubscribing} {
		for name, each := range others {
			calls[name] = each
		}
	}
	requireAll(client, methodsOf(client), calls)
}

// tellCalls tells of some methods, in the order of the SDK.
func tellCalls(client any, calls map[string]call) {
	for _, name := range methodsOf(client) {
		if each, known := calls[name]; known {
			tellMethod(client, name, each)
		}
	}
}

func wrongKeys() error {
	options := []stream.StockOption{stream.WithCredentials("wrong", "wrong"), stream.WithReconnectSettings(1, time.Millisecond)}
	return stream.NewStocksClient(marketdata.IEX, options...).Connect(context.Background())
}

func subscribeCalls(client *stream.StocksClient, seen *prices) map[string]call {
	return map[string]call{
		"SubscribeToBars":        {right: func() error { return client.SubscribeToBars(seen.barOf, "AAPL", "MSFT") }},
		"SubscribeToDailyBars":   {right: func() error { return client.SubscribeToDailyBars(seen.dailyBars.add, "AAPL") }},
		"SubscribeToQuotes":      {right: func() error { return client.SubscribeToQuotes(seen.quotes.add, "AAPL") }},
		"SubscribeToTrades":      {right: func() error { return client.SubscribeToTrades(seen.trades.add, "AAPL") }},
		"SubscribeToUpdatedBars": {right: func() error { return client.SubscribeToUpdatedBars(func(stream.Bar) {}, "AAPL") }},
		"SubscribeToStatuses": {right: func() error {
			return client.SubscribeToStatuses(func(stream.TradingStatus) {}, "AAPL")
		}},
		"SubscribeToImbalances": {right: func() error {
			return client.SubscribeToImbalances(func(stream.Imbalance) {}, "AAPL")
		}},
		"SubscribeToLULDs":     {right: func() error { return client.SubscribeToLULDs(func(stream.LULD) {}, "AAPL") }},
		"RegisterCancelErrors": {right: func() error { client.RegisterCancelErrors(func(stream.TradeCancelError) {}); return nil }},
		"RegisterCorrections":  {right: func() error { client.RegisterCorrections(func(stream.TradeCorrection) {}); return nil }},
	}
}

// barOf tells the bars of the symbol that stays subscribed from the others.
func (p *prices) barOf(bar stream.Bar) {
	if bar.Symbol == "MSFT" {
		p.others.add(bar)
	} else {
		p.bars.add(bar)
	}
}

func unsubscribeCalls(client *stream.StocksClient) map[string]call {
	return map[string]call{
		"UnsubscribeFromBars":        {right: func() error { return client.UnsubscribeFromBars("AAPL") }},
		"UnsubscribeFromDailyBars":   {right: func() error { return client.UnsubscribeFromDailyBars("AAPL") }},
		"UnsubscribeFromQuotes":      {right: func() error { return client.UnsubscribeFromQuotes("AAPL") }},
		"UnsubscribeFromTrades":      {right: func() error { return client.UnsubscribeFromTrades("AAPL") }},
		"UnsubscribeFromUpdatedBars": {right: func() error { return client.UnsubscribeFromUpdatedBars("AAPL") }},
		"UnsubscribeFromStatuses":    {right: func() error { return client.UnsubscribeFromStatuses("AAPL") }},
		"UnsubscribeFromImbalances":  {right: func() error { return client.UnsubscribeFromImbalances("AAPL") }},
		"UnsubscribeFromLULDs":       {right: func() error { return client.UnsubscribeFromLULDs("AAPL") }},
		"UnregisterCancelErrors":     {right: func() error { client.UnregisterCancelErrors(); return nil }},
		"UnregisterCorrections":      {right: func() error { client.UnregisterCorrections(); return nil }},
	}
}

func tellHeard(seen *prices) {
	bars := seen.bars.all()
	lines := [][]any{}
	for _, bar := range bars {
		lines = append(lines, []any{bar.Timestamp.UTC(), bar.Open, bar.High, bar.Low, bar.Close, bar.Volume, bar.VWAP})
	}
	history := [][]any{}
	asked := marketdata.GetBarsRequest{TimeFrame: marketdata.OneMin, Start: bars[0].Timestamp}
	for _, bar := range must(data.GetBars("AAPL", asked)) {
		history = append(history, []any{bar.Timestamp.UTC(), bar.Open, bar.High, bar.Low, bar.Close, bar.Volume, bar.VWAP})
	}
	trades, days := seen.trades.all(), seen.dailyBars.all()
	tell(map[string]any{"bars": lines, "history": history})
	tell(map[string]any{"last": []any{trades[len(trades)-1].Price, days[len(days)-1].Close}})
}
