/** The frame, and what is shown at which path. */
import { effect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { access, refusal } from "./api/access.ts";
import { CatalogScreen } from "./catalog/catalog-screen.tsx";
import { SymbolScreen } from "./catalog/symbol-screen.tsx";
import { ConnectScreen } from "./connect/connect-screen.tsx";
import { NewSession } from "./sessions/new-session.tsx";
import { SessionsScreen } from "./sessions/sessions-screen.tsx";
import { Workspace } from "./deck/workspace.tsx";
import { followLinks, route } from "./routing/router.ts";
import { SettingsDialog } from "./settings/settings-dialog.tsx";
import { overlay } from "./shell/actions.ts";
import { Header } from "./shell/header.tsx";
import { KeysSheet } from "./shell/keys-sheet.tsx";
import { Palette } from "./shell/palette.tsx";
import { SignIn } from "./shell/sign-in.tsx";
import { Toasts } from "./shell/toasts.tsx";

export function App(): JSX.Element {
  useEffect(() => {
    document.addEventListener("click", followLinks);
    return () => {
      document.removeEventListener("click", followLinks);
    };
  }, []);
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <Header />
      <Screen />
      <Overlay />
      <Toasts />
    </>
  );
}

function Screen(): JSX.Element {
  const main = useRef<HTMLElement>(null);
  useFocusOnArrival(main);
  if (access.value === "needed") return <SignIn />;
  const { kind } = route.value;
  return (
    <main id="main" ref={main} tabIndex={-1} class={kind === "session" ? "workspace" : ""}>
      {access.value === "granted" ? <Content /> : <Unanswered />}
    </main>
  );
}

/** Before the server has answered: nothing, or why it has not; it is asked again by itself. */
function Unanswered(): JSX.Element | null {
  if (refusal.value === undefined) return null;
  return (
    <p class="notice bad" role="alert">
      {refusal.value}
    </p>
  );
}

function Content(): JSX.Element {
  const here = route.value;
  switch (here.kind) {
    case "sessions":
    case "new":
      return (
        <>
          <SessionsScreen />
          {here.kind === "new" ? <NewSession /> : null}
        </>
      );
    case "session":
      return <Workspace key={here.id} id={here.id} />;
    case "catalog":
      return <CatalogScreen />;
    case "symbol":
      return <SymbolScreen key={here.symbol} symbol={here.symbol} />;
    case "connect":
      return <ConnectScreen />;
    default:
      return <NotThere />;
  }
}

function NotThere(): JSX.Element {
  return (
    <div class="empty">
      <h1>There is no such page</h1>
      <p>
        Nothing is shown at <code>{location.pathname}</code>.
      </p>
      <div class="actions">
        <a class="button" href="/">
          To the sessions
        </a>
      </div>
    </div>
  );
}

function Overlay(): JSX.Element | null {
  const close = (): void => {
    overlay.value = undefined;
  };
  if (overlay.value === "palette") return <Palette />;
  if (overlay.value === "keys") return <KeysSheet />;
  return overlay.value === "settings" ? <SettingsDialog onClose={close} /> : null;
}

/** After a step to another screen the focus is at its beginning, as after a page load; and the title says where one is. */
function useFocusOnArrival(main: { readonly current: HTMLElement | null }): void {
  useEffect(() => {
    let last: string | undefined;
    return effect(() => {
      const { kind } = route.value;
      const screen = kind === "new" ? "sessions" : kind;
      document.title = `${TITLES[kind] ?? "Not found"} · Tapedeck`;
      if (last !== undefined && last !== screen) main.current?.focus({ preventScroll: true });
      last = screen;
    });
  }, []);
}

const TITLES: Readonly<Record<string, string>> = {
  sessions: "Sessions",
  new: "New session",
  session: "Session",
  catalog: "Data",
  symbol: "Data",
  connect: "Connect",
};
