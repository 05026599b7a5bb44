/** The assumptions of a session: a profile, and what shall be otherwise than in it. */
import type { JSX } from "preact";
import type { Session } from "../api/types.ts";
import type { Draft, DraftOptions } from "./session-draft.ts";

type Profile = Session["config"]["profile"];

/** What each profile is for, in a sentence; docs/models/profiles.md has the rest. */
const PROFILES: Readonly<Record<Profile, string>> = {
  conservative: "Costs, dated fees, a tenth of the volume; of two possible answers the worse.",
  ideal: "No costs, no cap; a touch fills a limit. For a first look, and for tests.",
  alpaca_paper: "As Alpaca's paper trading documents itself: no costs, no dividends, some partial fills.",
  alpaca_live: "Conservative, with 150 ms of latency and Alpaca's collars.",
  pessimist: "A second of latency, 5 basis points, a fortieth of the volume. A stress test.",
};

type Words = Exclude<keyof DraftOptions, "participation" | "latencyMs" | "seed">;

const CHOICES: { readonly [Name in Words]: readonly [label: string, options: readonly DraftOptions[Name][]] } = {
  tradingHours: ["Trading hours", ["extended", "regular"]],
  slippage: ["Slippage", ["tick_or_bps", "bps", "none"]],
  fees: ["Fees", ["us_equity", "none"]],
  margin: ["Account type", ["reg_t", "cash"]],
  limitRule: ["Limit orders fill on", ["through", "through_by_tick", "touch"]],
  intrabar: ["Path within a bar", ["worst_case", "adaptive", "ohlc", "olhc"]],
  pdt: ["Pattern day trading", ["by_date", "legacy", "none"]],
  dividends: ["Dividends", ["pay_date", "ex_date", "none"]],
};

const NUMBERS = {
  participation: ["Share of a bar's volume", "0.1"],
  latencyMs: ["Latency in ms", "0"],
  seed: ["Seed", "0"],
} as const;

export interface OptionFieldsParts {
  readonly draft: Draft;
  readonly change: (changes: Partial<Draft>) => void;
  readonly wrong: string | undefined;
}

export function OptionFields({ draft, change, wrong }: OptionFieldsParts): JSX.Element {
  return (
    <>
      <div class="labelled">
        <label for="profile">Profile</label>
        <select
          id="profile"
          class="field"
          aria-describedby="profile-hint"
          value={draft.profile}
          onChange={(event) => {
            change({ profile: event.currentTarget.value as Profile });
          }}
        >
          {Object.keys(PROFILES).map((profile) => (
            <option key={profile} value={profile}>
              {profile.replace("_", " ")}
            </option>
          ))}
        </select>
        <p id="profile-hint" class="hint">
          {PROFILES[draft.profile]}
        </p>
      </div>
      <Others
        options={draft.options}
        wrong={wrong}
        set={(name, value) => {
          change({ options: { ...draft.options, [name]: value } });
        }}
      />
    </>
  );
}

interface OthersParts {
  readonly options: DraftOptions;
  readonly wrong: string | undefined;
  readonly set: (name: keyof DraftOptions, value: string) => void;
}

function Others({ options, wrong, set }: OthersParts): JSX.Element {
  return (
    <details>
      <summary>Other assumptions</summary>
      <div class="grid">
        {(Object.keys(CHOICES) as Words[]).map((name) => (
          <div key={name} class="labelled">
            <label for={name}>{CHOICES[name][0]}</label>
            <select
              id={name}
              class="field"
              aria-invalid={wrong === name}
              value={options[name]}
              onChange={(event) => {
                set(name, event.currentTarget.value);
              }}
            >
              <option value="">as the profile</option>
              {CHOICES[name][1].map((option) => (
                <option key={option} value={option}>
                  {option.replaceAll("_", " ")}
                </option>
              ))}
            </select>
          </div>
        ))}
        {(Object.keys(NUMBERS) as (keyof typeof NUMBERS)[]).map((name) => (
          <div key={name} class="labelled">
            <label for={name}>{NUMBERS[name][0]}</label>
            <input
              id={name}
              class="field"
              inputMode="decimal"
              autocomplete="off"
              placeholder={`as the profile, such as ${NUMBERS[name][1]}`}
              aria-invalid={wrong === name}
              value={options[name]}
              onInput={(event) => {
                set(name, event.currentTarget.value);
              }}
            />
          </div>
        ))}
      </div>
    </details>
  );
}
