/** Where the page begins. */
import { render } from "preact";
import { openAccess } from "./api/access.ts";
import { App } from "./app.tsx";
import { applySettings } from "./settings/settings.ts";
import { listenToKeys } from "./shell/keyboard.ts";

applySettings();
listenToKeys();
void openAccess();
const root = document.getElementById("app");
if (root !== null) render(<App />, root);
