/** The other rooms, each loaded when a command needs it: the server takes 0.4 s, which is for `serve` alone. */

export const loadServer = async (): Promise<typeof import("../server/index.ts")> => import("../server/index.ts");

export const loadSettings = async (): Promise<typeof import("../server/settings.ts")> =>
  import("../server/settings.ts");

export const loadDataDirectory = async (): Promise<typeof import("../server/data-directory.ts")> =>
  import("../server/data-directory.ts");

export const loadKeys = async (): Promise<typeof import("../access/index.ts")> => import("../access/index.ts");

export const loadMarket = async (): Promise<typeof import("../market/index.ts")> => import("../market/index.ts");
