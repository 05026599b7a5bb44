/** The other rooms, each loaded when a command needs it; the server loads its HTTP part by itself when it starts. */

export const loadServer = async (): Promise<typeof import("../server/index.ts")> => import("../server/index.ts");

export const loadMarket = async (): Promise<typeof import("../market/index.ts")> => import("../market/index.ts");
