/** The table of sessions. On a narrow screen each row becomes a card of a few lines. */
import type { JSX } from "preact";
import { client } from "../api/access.ts";
import type { Performance, Session } from "../api/types.ts";
import { directionOf, money, NOTHING, percent, quantity } from "../format/numbers.ts";
import { momentText, zoneName } from "../format/times.ts";
import { Icon, type IconName } from "../parts/icon.tsx";
import { Sparkline } from "../parts/sparkline.tsx";
import { sessionPath } from "../routing/routes.ts";
import { settings } from "../settings/settings.ts";
import { attempt } from "../shell/toasts.tsx";
import { asForest, progressOf, standingOf, titleOf, type Standing } from "./session-facts.ts";
import { performances, replaceInList } from "./session-list.ts";

export interface SessionTableParts {
  readonly sessions: readonly Session[];
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (ids: ReadonlySet<string>) => void;
}

export function SessionTable({ sessions, selected, onSelect }: SessionTableParts): JSX.Element {
  const areAll = sessions.every(({ id }) => selected.has(id));
  const toggle = (id: string): void => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect(next);
  };
  return (
    <table class="session-table">
      <thead>
        <tr>
          <th class="pick">
            <input
              type="checkbox"
              aria-label="Select all sessions"
              checked={areAll}
              indeterminate={!areAll && selected.size > 0}
              onChange={() => {
                onSelect(areAll ? new Set() : new Set(sessions.map(({ id }) => id)));
              }}
            />
          </th>
          <th>Name</th>
          <th>State</th>
          <th>Simulated time ({zoneName(settings.value.zone)})</th>
          <th class="number">Equity</th>
          <th class="number">Return</th>
          <th>Curve</th>
          <th class="number">Fills</th>
        </tr>
      </thead>
      <tbody>
        {asForest(sessions).map(({ session, depth }) => (
          <Row
            key={session.id}
            session={session}
            depth={depth}
            isSelected={selected.has(session.id)}
            onToggle={() => {
              toggle(session.id);
            }}
          />
        ))}
      </tbody>
    </table>
  );
}

interface RowParts {
  readonly session: Session;
  /** Of a fork, under what it was forked from. */
  readonly depth: number;
  readonly isSelected: boolean;
  readonly onToggle: () => void;
}

/** Deeper forks stand no further to the right. */
const DEPTH_MAX = 4;

function Row({ session, depth, isSelected, onToggle }: RowParts): JSX.Element {
  const title = titleOf(session);
  const found = performances.value.get(session.id);
  return (
    <tr aria-selected={isSelected}>
      <td class="pick">
        <input type="checkbox" aria-label={`Select ${title}`} checked={isSelected} onChange={onToggle} />
      </td>
      <th scope="row" class="name" style={{ "--depth": Math.min(depth, DEPTH_MAX) }}>
        {depth === 0 ? null : (
          <span class="quiet fork-mark" title="forked">
            ⎇<span class="visually-hidden"> fork: </span>{" "}
          </span>
        )}
        <a href={sessionPath(session.id)}>{title}</a>
        <Remark session={session} />
      </th>
      <td class="state">
        <StateCell session={session} title={title} />
      </td>
      <td class="time">
        <TimeCell session={session} />
      </td>
      <Figures found={found} />
    </tr>
  );
}

function Figures({ found }: { readonly found: Performance | undefined }): JSX.Element {
  const values = (found?.curve ?? []).map(({ equity }) => equity);
  const direction = directionOf(found?.return);
  return (
    <>
      <td class="number equity" data-label="Equity">
        {money(found?.equity)}
      </td>
      <td class={`number return ${direction}`} data-label="Return">
        {percent(found?.return)}
      </td>
      <td class="curve">
        {values.length < 2 ? (
          <span class="quiet">{NOTHING}</span>
        ) : (
          <Sparkline
            values={values}
            base={found?.paid_in ?? null}
            label={`Equity from ${money(values[0])} to ${money(values.at(-1))}`}
          />
        )}
      </td>
      <td class="number fills" data-label="Fills">
        {quantity(found?.fills)}
      </td>
    </>
  );
}

const LOOKS: Readonly<Record<Standing, readonly [IconName, string]>> = {
  playing: ["play", "playing"],
  paused: ["pause", "paused"],
  finished: ["check", "finished"],
  failed: ["cross", "failed"],
};

function StateCell({ session, title }: { readonly session: Session; readonly title: string }): JSX.Element {
  const standing = standingOf(session);
  const [icon, word] = LOOKS[standing];
  const isPlaying = standing === "playing";
  const text = isPlaying ? `${quantity(session.playback_speed)}×` : word;
  if (standing === "finished" || standing === "failed") {
    return (
      <span class={`standing ${standing}`}>
        <Icon name={icon} /> {word}
      </span>
    );
  }
  return (
    <button
      type="button"
      class={`button bare standing ${standing}`}
      aria-label={`${isPlaying ? "Pause" : "Play"} ${title}`}
      title={isPlaying ? "Pause" : "Play"}
      onClick={() => {
        attempt(async () => {
          replaceInList(await (isPlaying ? client.pause(session.id) : client.play(session.id)));
        });
      }}
    >
      <Icon name={isPlaying ? "pause" : "play"} /> {text}
    </button>
  );
}

function TimeCell({ session }: { readonly session: Session }): JSX.Element {
  const progress = progressOf(session);
  const percentage = `${Math.round(progress * 100)} %`;
  return (
    <span class="progress">
      <time dateTime={session.current_time}>{momentText(Date.parse(session.current_time), settings.value.zone)}</time>
      <progress max={1} value={progress} aria-label="Progress" title={percentage}>
        {percentage}
      </progress>
    </span>
  );
}

function Remark({ session }: { readonly session: Session }): JSX.Element | null {
  const text = session.failure ?? session.notices?.[0];
  if (text === undefined) return <span class="remark quiet">{session.config.profile.replace("_", " ")}</span>;
  return <span class={session.failure === undefined ? "remark quiet" : "remark problem"}>{text}</span>;
}
