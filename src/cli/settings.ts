/** A command's options as settings of the server. */
import type { ServerSettings } from "../server/index.ts";
import type { Call } from "./call.ts";
import { optionText, optionTexts } from "./call.ts";
import { loadServer } from "./rooms.ts";

/** Flags, environment, config file and defaults together. Throws AppError "bad_argument". */
export async function settingsOf(call: Call): Promise<ServerSettings> {
  const { resolveSettings } = await loadServer();
  const allowedHosts = optionTexts(call, "allowedHost");
  return resolveSettings({
    flags: {
      port: call.options["port"],
      host: call.options["host"],
      dataDir: call.options["dataDir"],
      sample: call.options["sample"],
      allowedHosts: allowedHosts.length === 0 ? undefined : allowedHosts,
      logLevel: call.options["logLevel"],
      tlsCert: call.options["tlsCert"],
      tlsKey: call.options["tlsKey"],
      tlsSelfSigned: call.options["tlsSelfSigned"],
    },
    env: call.env,
    configFile: optionText(call, "config"),
  });
}
