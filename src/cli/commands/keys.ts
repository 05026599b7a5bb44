/** `tapedeck keys`: makes, lists, renews and revokes keys in the data directory, beside a running server. */
import type { KeyStore, NewKey } from "../../server/index.ts";
import { argument, optionText, type Call } from "../call.ts";
import { CommandError } from "../exit-codes.ts";
import { createServerClient, textOf } from "../http/server-client.ts";
import { formatTable } from "../output/table.ts";
import { loadServer } from "../rooms.ts";
import { settingsOf } from "../settings.ts";

export async function create(call: Call): Promise<void> {
  const account = optionText(call, "account");
  if (account !== undefined) {
    await createBound(call, account);
    return;
  }
  const { dataDir } = await settingsOf(call);
  const { prepareDataDirectory } = await loadServer();
  const keys = await openKeys(prepareDataDirectory(dataDir));
  const key = await keys.create({ name: optionText(call, "name") ?? "" });
  call.answer(key, secretText(`Key ${key.id} was made for "${key.name}".`, key));
}

/** The server knows whose session the account is of. */
async function createBound(call: Call, account: string): Promise<void> {
  const path = `/v1/accounts/${encodeURIComponent(account)}/keys`;
  const { body } = await createServerClient(call).send("POST", path, {
    name: optionText(call, "name"),
    scope: optionText(call, "scope"),
  });
  const [id, secret] = [textOf(body, "id"), textOf(body, "secret")];
  call.answer(
    body,
    secretText(`Key ${id} was made for account ${account} (${textOf(body, "scope")}).`, { id, secret }),
  );
}

export async function list(call: Call): Promise<void> {
  const { dataDir } = await settingsOf(call);
  const keys = (await openKeys(dataDir)).list();
  if (keys.length === 0) {
    call.answer([], `There are no keys in ${dataDir}. Make one with: tapedeck keys create`);
    return;
  }
  const rows = keys.map(({ id, name, binding, createdAt, rotatedAt, revokedAt }) => [
    id,
    name,
    binding === undefined ? "" : `${binding.scope} ${binding.account}`,
    createdAt,
    rotatedAt ?? "",
    revokedAt ?? "",
  ]);
  const heads = ["ID", "NAME", "FOR", "CREATED", "ROTATED", "REVOKED"].map((head) => ({ head }));
  call.answer(keys, formatTable(heads, rows));
}

export async function rotate(call: Call): Promise<void> {
  const { keys, id } = await existingKey(call);
  const key = await keys.rotate(id);
  call.answer(key, secretText(`Key ${key.id} has a new secret; the old one works no longer.`, key));
}

export async function revoke(call: Call): Promise<void> {
  const { keys, id } = await existingKey(call);
  const key = await keys.revoke(id);
  call.answer(key, `Key ${key.id} ("${key.name}") was revoked.`);
}

async function openKeys(directory: string): Promise<KeyStore> {
  const { createKeyStore } = await loadServer();
  return createKeyStore({ directory, developmentKey: false });
}

async function existingKey(call: Call): Promise<{ readonly keys: KeyStore; readonly id: string }> {
  const { dataDir } = await settingsOf(call);
  const id = argument(call, 0);
  const keys = await openKeys(dataDir);
  if (keys.list().some((key) => key.id === id)) return { keys, id };
  // Someone may have given the secret by mistake: what they gave is not repeated.
  const message = `No key in ${dataDir} has the id that was given; \`tapedeck keys list\` shows all ids.`;
  throw new CommandError("bad_argument", message, { exit: "not_found" });
}

function secretText(headline: string, { id, secret }: Pick<NewKey, "id" | "secret">): string {
  return [
    headline,
    "Its secret is shown this once:",
    "",
    `  export TAPEDECK_KEY_ID=${id}`,
    `  export TAPEDECK_SECRET_KEY=${secret}`,
    "",
  ].join("\n");
}
