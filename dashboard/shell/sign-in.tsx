/** Signing in, where the server does not take its development key. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { refusal, signIn, type Keeping } from "../api/access.ts";
import { wordsOf } from "../api/errors.ts";

export function SignIn(): JSX.Element {
  const problem = useSignal<string | undefined>(undefined);
  const isBusy = useSignal(false);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string): string => {
      const given = form.get(name);
      return typeof given === "string" ? given.trim() : "";
    };
    const keeping: Keeping = form.has("remember") ? "machine" : "tab";
    isBusy.value = true;
    problem.value = undefined;
    try {
      await signIn({ id: text("id"), secret: text("secret") }, keeping);
    } catch (error) {
      problem.value = wordsOf(error);
    } finally {
      isBusy.value = false;
    }
  };
  const said = problem.value ?? refusal.value;
  return (
    <main id="main" class="sign-in">
      <form class="card dialog-body" onSubmit={(event) => void submit(event)}>
        <h1>Sign in</h1>
        <p class="hint">
          With a key of this server. <code>tapedeck keys create --name me</code> makes one.
        </p>
        {said === undefined ? null : (
          <p class="problem" role="alert">
            {said}
          </p>
        )}
        <div class="labelled">
          <label for="key-id">Key id</label>
          <input id="key-id" name="id" class="field" required autocomplete="username" spellcheck={false} />
        </div>
        <div class="labelled">
          <label for="key-secret">Secret</label>
          <input id="key-secret" name="secret" type="password" class="field" required autocomplete="current-password" />
        </div>
        <label class="check">
          <input type="checkbox" name="remember" />
          Keep it on this machine
        </label>
        <p class="hint">Otherwise it is forgotten when this tab is closed.</p>
        <button class="button primary" disabled={isBusy.value}>
          Sign in
        </button>
      </form>
    </main>
  );
}
