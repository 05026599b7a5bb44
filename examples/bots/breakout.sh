#!/bin/sh
# The same breakout bot with curl and jq. A shell has no clock of its own to borrow, so it moves the session's itself:
#
#     tapedeck run --from 2023-01-03 --to 2023-01-03 --clock bot -- sh examples/bots/breakout.sh
set -eu

api() { curl -s -u "$APCA_API_KEY_ID:$APCA_API_SECRET_KEY" -H 'Content-Type: application/json' "$@"; }
next='{"until": "next_bar", "symbol": "SPY"}'
buy='{"symbol": "SPY", "qty": 10, "side": "buy", "type": "market", "time_in_force": "day"}'
holding=no

while :; do
  clock=$(api "$TAPEDECK_URL/v1/sessions/$TAPEDECK_SESSION_ID/time/advance" -d "$next" | jq -r .currentTime)
  [ "$(api "$APCA_API_BASE_URL/v2/clock" | jq -r .is_open)" = true ] || exit 0
  day=${clock%T*}
  # Above the high of the five bars before, or below their low; bars of this day's regular hours alone.
  word=$(api "$APCA_API_BASE_URL/v2/stocks/SPY/bars?timeframe=1Min&start=${day}T14:30:00Z&limit=6&sort=desc" |
    jq -r '.bars | if length < 6 then "wait"
      elif .[0].c > ([.[1:][].h] | max) then "above"
      elif .[0].c < ([.[1:][].l] | min) then "below" else "wait" end')
  if [ "$holding$word" = noabove ]; then
    api "$APCA_API_BASE_URL/v2/orders" -d "$buy" >/dev/null
    holding=yes
    echo "buy $clock"
  elif [ "$holding$word" = yesbelow ]; then
    api -X DELETE "$APCA_API_BASE_URL/v2/positions/SPY" >/dev/null
    holding=no
    echo "sell $clock"
  fi
done
