package main

import (
	"fmt"

	"cloud.google.com/go/civil"
	"github.com/alpacahq/alpaca-trade-api-go/v3/marketdata"
)

const (
	option = "AAPL240119C00100000"
	coin   = "BTC/USD"
	noCoin = "BTCUSD"
	noFeed = "cnn"
)

var (
	data    = marketdata.NewClient(marketdata.ClientOpts{})
	symbols = []string{"AAPL", "MSFT"}
	options = []string{option}
	coins   = []string{coin, "ETH/USD"}
	noCoins = []string{noCoin}
)

func marketDataCalls() (any, map[string]call) {
	calls := historyCalls()
	for _, others := range []map[string]call{latestCalls(), cryptoCalls(), perpetualCalls(), optionCalls()} {
		for name, each := range others {
			calls[name] = each
		}
	}
	return data, calls
}

// ask gives a call of a method that is right with one argument and wrong with another.
func ask[A, T any](method func(A) (T, error), right, wrong A) call {
	return call{func() error { return got(method(right)) }, func() error { return got(method(wrong)) }}
}

// of is ask for a method of a symbol, or of many.
func of[S, A, T any](method func(S, A) (T, error), symbol S, right, wrong A) call {
	return ask(func(asked A) (T, error) { return method(symbol, asked) }, right, wrong)
}

// between is of, with a right symbol and a wrong one.
func between[S, A, T any](method func(S, A) (T, error), right, wrong S, asked A) call {
	return ask(func(symbol S) (T, error) { return method(symbol, asked) }, right, wrong)
}

// refused is a call of what is not simulated.
func refused[S, A, T any](method func(S, A) (T, error), symbol S, asked A) call {
	return call{right: func() error { return got(method(symbol, asked)) }}
}

func historyCalls() map[string]call {
	trades := marketdata.GetTradesRequest{Start: january(3), End: january(5), TotalLimit: 5}
	noTrades := marketdata.GetTradesRequest{Start: january(5), End: january(3)}
	quotes := marketdata.GetQuotesRequest{Start: january(3), End: january(5), TotalLimit: 5}
	noQuotes := marketdata.GetQuotesRequest{Start: january(5), End: january(3)}
	noBars := marketdata.GetBarsRequest{Start: january(5), End: january(3)}
	auctions := marketdata.GetAuctionsRequest{Start: january(3), End: january(5)}
	noAuctions := marketdata.GetAuctionsRequest{Start: january(5), End: january(3)}
	actions := marketdata.GetCorporateActionsRequest{Symbols: symbols, Start: civilJanuary(1), End: civilJanuary(31)}
	noActions := marketdata.GetCorporateActionsRequest{Symbols: symbols, Start: civilJanuary(5), End: civilJanuary(3)}
	news := marketdata.GetNewsRequest{Symbols: symbols, TotalLimit: 5}
	noNews := marketdata.GetNewsRequest{Start: january(5), End: january(3)}
	return map[string]call{
		"GetTrades":           of(data.GetTrades, "AAPL", trades, noTrades),
		"GetMultiTrades":      of(data.GetMultiTrades, symbols, trades, noTrades),
		"GetQuotes":           of(data.GetQuotes, "AAPL", quotes, noQuotes),
		"GetMultiQuotes":      of(data.GetMultiQuotes, symbols, quotes, noQuotes),
		"GetBars":             {pagesOfBars, func() error { return got(data.GetBars("AAPL", noBars)) }},
		"GetMultiBars":        of(data.GetMultiBars, symbols, marketdata.GetBarsRequest{TotalLimit: 5}, noBars),
		"GetAuctions":         of(data.GetAuctions, "AAPL", auctions, noAuctions),
		"GetMultiAuctions":    of(data.GetMultiAuctions, symbols, auctions, noAuctions),
		"GetCorporateActions": ask(data.GetCorporateActions, actions, noActions),
		"GetNews":             ask(data.GetNews, news, noNews),
	}
}

func civilJanuary(day int) civil.Date { return civil.Date{Year: 2023, Month: 1, Day: day} }

// pagesOfBars asks for more bars than a page has, so that the SDK follows the token of the next one.
func pagesOfBars() error {
	asked := marketdata.GetBarsRequest{TimeFrame: marketdata.OneMin, Start: january(3), PageLimit: 1000}
	bars, err := data.GetBars("AAPL", asked)
	if err == nil && len(bars) <= 1000 {
		return fmt.Errorf("%d bars", len(bars))
	}
	return err
}

func latestCalls() map[string]call {
	bar, noBar := marketdata.GetLatestBarRequest{}, marketdata.GetLatestBarRequest{Feed: noFeed}
	quote, noQuote := marketdata.GetLatestQuoteRequest{}, marketdata.GetLatestQuoteRequest{Feed: noFeed}
	trade, noTrade := marketdata.GetLatestTradeRequest{}, marketdata.GetLatestTradeRequest{Feed: noFeed}
	snapshot, noSnapshot := marketdata.GetSnapshotRequest{}, marketdata.GetSnapshotRequest{Feed: noFeed}
	return map[string]call{
		"GetLatestBar":    of(data.GetLatestBar, "AAPL", bar, noBar),
		"GetLatestBars":   of(data.GetLatestBars, symbols, bar, noBar),
		"GetLatestQuote":  of(data.GetLatestQuote, "AAPL", quote, noQuote),
		"GetLatestQuotes": of(data.GetLatestQuotes, symbols, quote, noQuote),
		"GetLatestTrade":  of(data.GetLatestTrade, "AAPL", trade, noTrade),
		"GetLatestTrades": of(data.GetLatestTrades, symbols, trade, noTrade),
		"GetSnapshot":     of(data.GetSnapshot, "AAPL", snapshot, noSnapshot),
		"GetSnapshots":    of(data.GetSnapshots, symbols, snapshot, noSnapshot),
	}
}

func cryptoCalls() map[string]call {
	bars := marketdata.GetCryptoBarsRequest{TimeFrame: marketdata.OneDay, Start: january(3), End: january(5), TotalLimit: 5}
	trades := marketdata.GetCryptoTradesRequest{Start: january(3), End: january(5), TotalLimit: 5}
	quotes := marketdata.GetCryptoQuotesRequest{Start: january(3), End: january(5), TotalLimit: 5}
	bar, trade := marketdata.GetLatestCryptoBarRequest{}, marketdata.GetLatestCryptoTradeRequest{}
	quote, snapshot := marketdata.GetLatestCryptoQuoteRequest{}, marketdata.GetCryptoSnapshotRequest{}
	return map[string]call{
		"GetCryptoBars":         between(data.GetCryptoBars, coin, noCoin, bars),
		"GetCryptoMultiBars":    between(data.GetCryptoMultiBars, coins, noCoins, bars),
		"GetCryptoTrades":       between(data.GetCryptoTrades, coin, noCoin, trades),
		"GetCryptoMultiTrades":  between(data.GetCryptoMultiTrades, coins, noCoins, trades),
		"GetCryptoQuotes":       between(data.GetCryptoQuotes, coin, noCoin, quotes),
		"GetCryptoMultiQuotes":  between(data.GetCryptoMultiQuotes, coins, noCoins, quotes),
		"GetLatestCryptoBar":    between(data.GetLatestCryptoBar, coin, noCoin, bar),
		"GetLatestCryptoBars":   between(data.GetLatestCryptoBars, coins, noCoins, bar),
		"GetLatestCryptoTrade":  between(data.GetLatestCryptoTrade, coin, noCoin, trade),
		"GetLatestCryptoTrades": between(data.GetLatestCryptoTrades, coins, noCoins, trade),
		"GetLatestCryptoQuote":  between(data.GetLatestCryptoQuote, coin, noCoin, quote),
		"GetLatestCryptoQuotes": between(data.GetLatestCryptoQuotes, coins, noCoins, quote),
		"GetCryptoSnapshot":     between(data.GetCryptoSnapshot, coin, noCoin, snapshot),
		"GetCryptoSnapshots":    between(data.GetCryptoSnapshots, coins, noCoins, snapshot),
	}
}

func perpetualCalls() map[string]call {
	bar, trade := marketdata.GetLatestCryptoBarRequest{}, marketdata.GetLatestCryptoTradeRequest{}
	quote, pricing := marketdata.GetLatestCryptoQuoteRequest{}, marketdata.GetLatestCryptoPerpPricingRequest{}
	return map[string]call{
		"GetLatestCryptoPerpBar":         refused(data.GetLatestCryptoPerpBar, coin, bar),
		"GetLatestCryptoPerpBars":        refused(data.GetLatestCryptoPerpBars, coins, bar),
		"GetLatestCryptoPerpTrade":       refused(data.GetLatestCryptoPerpTrade, coin, trade),
		"GetLatestCryptoPerpTrades":      refused(data.GetLatestCryptoPerpTrades, coins, trade),
		"GetLatestCryptoPerpQuote":       refused(data.GetLatestCryptoPerpQuote, coin, quote),
		"GetLatestCryptoPerpQuotes":      refused(data.GetLatestCryptoPerpQuotes, coins, quote),
		"GetLatestCryptoPerpPricing":     refused(data.GetLatestCryptoPerpPricing, coin, pricing),
		"GetLatestCryptoPerpPricingData": refused(data.GetLatestCryptoPerpPricingData, coins, pricing),
	}
}

func optionCalls() map[string]call {
	bars, trades := marketdata.GetOptionBarsRequest{}, marketdata.GetOptionTradesRequest{}
	quote, trade := marketdata.GetLatestOptionQuoteRequest{}, marketdata.GetLatestOptionTradeRequest{}
	snapshot, chain := marketdata.GetOptionSnapshotRequest{}, marketdata.GetOptionChainRequest{}
	return map[string]call{
		"GetOptionBars":         refused(data.GetOptionBars, option, bars),
		"GetMultiOptionBars":    refused(data.GetMultiOptionBars, options, bars),
		"GetOptionTrades":       refused(data.GetOptionTrades, option, trades),
		"GetOptionMultiTrades":  refused(data.GetOptionMultiTrades, options, trades),
		"GetLatestOptionQuote":  refused(data.GetLatestOptionQuote, option, quote),
		"GetLatestOptionQuotes": refused(data.GetLatestOptionQuotes, options, quote),
		"GetLatestOptionTrade":  refused(data.GetLatestOptionTrade, option, trade),
		"GetLatestOptionTrades": refused(data.GetLatestOptionTrades, options, trade),
		"GetOptionSnapshot":     refused(data.GetOptionSnapshot, option, snapshot),
		"GetOptionSnapshots":    refused(data.GetOptionSnapshots, options, snapshot),
		"GetOptionChain":        refused(data.GetOptionChain, "AAPL", chain),
	}
}
