/** Where the bars of a session file go: into the catalog, as far as it lacks them and the reader wants that. */
import { AppError, type Instant } from "../../kernel/index.ts";
import { ParcelDesk, ParcelProblem, type Market, type ParcelReport } from "../../market/index.ts";
import { FileProblem } from "./read-session-file.ts";
import { usedData } from "./used-data.ts";

interface Place {
  /** Of the line in the file. */
  readonly number: number;
  /** What the file says of the days that were used. */
  readonly pins: string;
  readonly clock: Instant;
}

export class BarsDesk {
  readonly #market: Market;
  readonly #isTaking: boolean;
  #parcel: ParcelDesk | undefined;

  constructor(market: Market, isTaking: boolean) {
    this.#market = market;
    this.#isTaking = isTaking;
  }

  /** Throws FileProblem naming the line. */
  async take(line: string, { number, pins, clock }: Place): Promise<void> {
    this.#parcel ??= await this.#open(pins, clock);
    try {
      await this.#parcel.take(line);
    } catch (error) {
      throw error instanceof ParcelProblem ? new FileProblem(`line ${number}: ${error.message}`) : error;
    }
  }

  /** After the last line. Throws FileProblem where bars are missing, or are none that a catalog can have. */
  async finish(): Promise<ParcelReport> {
    try {
      if (this.#parcel === undefined) throw new ParcelProblem("the bars that line 1 speaks of are missing");
      return await this.#parcel.finish();
    } catch (error) {
      if (error instanceof ParcelProblem) throw new FileProblem(error.message);
      if (!(error instanceof AppError) || error.code !== "import_failed") throw error;
      throw new FileProblem(`its bars cannot be taken in: ${error.message}`);
    }
  }

  async clear(): Promise<void> {
    await this.#parcel?.clear();
  }

  /** Of symbols whose days the catalog has as they were used, nothing is wanted. */
  async #open(pins: string, clock: Instant): Promise<ParcelDesk> {
    const used = this.#isTaking ? await usedData(this.#market, pins, clock) : [];
    const wanted = new Set(used.flatMap(({ symbol, changedTotal }) => (changedTotal > 0 ? [symbol] : [])));
    return new ParcelDesk({ market: this.#market, isWanted: (symbol) => wanted.has(symbol) });
  }
}
