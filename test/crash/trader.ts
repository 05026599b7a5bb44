/** A client with a record of its own: what it was told by a server, to hold against the same server after a crash. */
import { createClient, type Client } from "../support/http-client.ts";
import { ACTIONS, openSession, type Action, type Hand } from "./actions.ts";
import { drawer } from "./draw.ts";
import { listFindings, worldFindings, type CheckOptions } from "./findings.ts";
import type { World } from "./record.ts";

export interface Trader {
  /** Works with several hands at once until the connection breaks or `isOver` says so. */
  readonly trade: (url: string, isOver?: () => boolean) => Promise<void>;
  /** Everything that the server has forgotten, doubled or changed; none is the only good answer. */
  readonly findings: (url: string, options: CheckOptions & { readonly isThorough?: boolean }) => Promise<string[]>;
  /** Sessions by id that this client knows of, and their names. */
  readonly sessions: () => ReadonlyMap<string, string>;
  /** How often each action was answered with success. */
  readonly counts: ReadonlyMap<string, number>;
}

export interface TraderOptions {
  readonly seed: number;
  /** Requests that may be under way at once. */
  readonly hands?: number;
  /** Names that sessions were asked for, of all traders on a server. */
  readonly namesAsked: Set<string>;
}

/** Sessions that are worked on at once; older ones rest, and are looked at again by a thorough check. */
const WORLDS_MAX = 3;

/** The connection broke: what was asked for may have been done or not. */
class Unanswered extends Error {}

export function createTrader({ seed, namesAsked, hands = 2 }: TraderOptions): Trader {
  const worlds: World[] = [];
  const counts = new Map<string, number>();
  const faults: string[] = [];
  let names = 0;

  const handOf = (client: Client, draw: Hand["draw"], note: (isGood: boolean) => void): Hand => ({
    ask: async (...request) => {
      const answer = await client.request(...request).catch((error: unknown) => {
        throw new Unanswered("the connection broke", { cause: error });
      });
      note(answer.status < 300);
      if (answer.status >= 500)
        faults.push(`${request[0]} ${request[1]}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer;
    },
    draw,
    fresh: (what) => `${seed}-${what}-${(names += 1)}`,
    addWorld: (world) => worlds.push(world),
    namesAsked,
  });

  const work = async (client: Client, index: number, isOver: () => boolean): Promise<void> => {
    const draw = drawer(seed * 31 + index + names * 7);
    while (!isOver()) {
      const [name, action] = chooseAction(draw);
      const hand = handOf(client, draw, (isGood) => {
        if (isGood) counts.set(name, (counts.get(name) ?? 0) + 1);
      });
      const world = worlds.slice(-WORLDS_MAX)[draw(WORLDS_MAX)];
      if (world === undefined) await openSession(hand);
      else await actIn(hand, world, action);
    }
  };

  return {
    counts,
    trade: async (url, isOver = () => false) => {
      const client = createClient(url);
      const working = Array.from({ length: hands }, (_, index) => work(client, index, isOver));
      for (const result of await Promise.allSettled(working)) {
        if (result.status === "rejected" && !(result.reason instanceof Unanswered)) throw result.reason;
      }
    },
    findings: async (url, { isThorough = false, ...options }) => {
      const client = createClient(url);
      const { mayAnswer } = options;
      const found = faults.splice(0).filter((fault) => mayAnswer?.test(fault) !== true);
      // A request that broke off may have left a session unlocked only in the record: nothing is under way now.
      for (const world of worlds) Object.assign(world, { busy: 0, isTaken: false });
      for (const world of isThorough ? worlds : worlds.slice(-WORLDS_MAX))
        found.push(...(await worldFindings(client, world, options)));
      return found;
    },
    sessions: () => new Map(worlds.map(({ session, name }) => [session, name])),
  };
}

async function actIn(hand: Hand, world: World, action: Action): Promise<void> {
  const mayBegin = !world.isTaken && (action.isAlone !== true || world.busy === 0);
  // Gives way, so that another hand can finish what it holds the session for.
  if (!mayBegin) return new Promise((resolve) => setImmediate(resolve));
  world.busy += 1;
  world.isTaken = action.isAlone === true;
  try {
    await action.act(hand, world);
  } finally {
    world.busy -= 1;
    world.isTaken = false;
  }
}

const TOTAL = Object.values(ACTIONS).reduce((sum, { weight }) => sum + weight, 0);

function chooseAction(draw: Hand["draw"]): readonly [string, Action] {
  let left = draw(TOTAL);
  const found = Object.entries(ACTIONS).find(([, { weight }]) => (left -= weight) < 0);
  if (found === undefined) throw new Error("the weights do not add up");
  return found;
}

/** Of the list of sessions and of each of them. */
export async function allFindings(
  url: string,
  traders: readonly Trader[],
  options: CheckOptions & { readonly namesAsked: ReadonlySet<string>; readonly isThorough: boolean },
): Promise<readonly string[]> {
  const known = new Map(traders.flatMap((trader) => [...trader.sessions()]));
  const found = await Promise.all(traders.map((trader) => trader.findings(url, options)));
  return [...found.flat(), ...(await listFindings(createClient(url), known, options.namesAsked))];
}
