// Every public method of the Go SDK's clients, called on a session: a line of JSON for what became of each.
// Addresses and keys come from the SDK's own variables.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"strings"
	"time"

	"github.com/alpacahq/alpaca-trade-api-go/v3/alpaca"
	"github.com/alpacahq/alpaca-trade-api-go/v3/marketdata/stream"
)

const missing = "3f0c1f5e-0000-4000-8000-000000000000"

// call is a right call of a method, and a wrong one where there is one.
type call struct{ right, wrong func() error }

func main() {
	if len(os.Args) > 1 && os.Args[1] == "streams" {
		tellStreams()
		return
	}
	tellAll(tradingCalls())
	tellAll(marketDataCalls())
}

// tellAll tells of each method, and ends the program when a public method has no call.
func tellAll(client any, calls map[string]call) {
	names := methodsOf(client)
	requireAll(client, names, calls)
	for _, name := range names {
		tellMethod(client, name, calls[name])
	}
}

func tellMethod(client any, name string, calls call) {
	row := map[string]any{"method": typeName(client) + "." + name, "success": outcome(name, calls.right())}
	if calls.wrong != nil {
		row["failure"] = outcome(name, calls.wrong())
	}
	tell(row)
}

func methodsOf(client any) []string {
	names := []string{}
	for each := reflect.TypeOf(client); len(names) < each.NumMethod(); {
		names = append(names, each.Method(len(names)).Name)
	}
	return names
}

func requireAll(client any, names []string, calls map[string]call) {
	for _, name := range names {
		if _, known := calls[name]; !known {
			fail("%s.%s has no call", typeName(client), name)
		}
	}
	if len(names) != len(calls) {
		fail("%s: %d methods, %d calls", typeName(client), len(names), len(calls))
	}
}

func typeName(client any) string {
	return strings.TrimPrefix(reflect.TypeOf(client).String(), "*")
}

var statusInText = regexp.MustCompile(`\(HTTP (\d{3})\)`)

// outcome is "works", or the status of the refusal; any other error ends the program.
func outcome(name string, err error) string {
	if err == nil {
		return "works"
	}
	if errors.Is(err, stream.ErrInvalidCredentials) {
		return "402, auth failed"
	}
	var refusal *alpaca.APIError
	if errors.As(err, &refusal) {
		if refusal.StatusCode == 422 && regexp.MustCompile("not simulated|not served").MatchString(refusal.Body) {
			return "422, not simulated"
		}
		return fmt.Sprint(refusal.StatusCode)
	}
	if status := statusInText.FindStringSubmatch(err.Error()); status != nil {
		return status[1]
	}
	fail("%s: %v", name, err)
	return ""
}

// got drops what a method gives beside its error.
func got[T any](_ T, err error) error { return err }

// must ends the program when what a call needs first is refused.
func must[T any](made T, err error) T {
	if err != nil {
		fail("%v", err)
	}
	return made
}

func tell(line any) {
	fmt.Println(string(must(json.Marshal(line))))
}

func fail(format string, values ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", values...)
	os.Exit(1)
}

// advance moves the session's clock; what happened meanwhile has then been sent to the streams.
func advance(minutes int) {
	server, _, _ := strings.Cut(os.Getenv("TAPEDECK_BASE"), "/sim/")
	url := fmt.Sprintf("%s/v1/sessions/%s/time/advance", server, os.Getenv("TAPEDECK_SESSION"))
	body := bytes.NewReader([]byte(fmt.Sprintf(`{"duration": %d}`, minutes)))
	request := must(http.NewRequest(http.MethodPost, url, body))
	request.Header.Set("Content-Type", "application/json")
	request.SetBasicAuth(os.Getenv("TAPEDECK_KEY"), os.Getenv("TAPEDECK_SECRET"))
	answer := must(http.DefaultClient.Do(request))
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		fail("the clock stands still: %s", answer.Status)
	}
}

// waitFor asks until the answer is yes.
func waitFor(what string, isReady func() bool) {
	for deadline := time.Now().Add(8 * time.Second); !isReady(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			fail("nothing came: %s", what)
		}
	}
}
