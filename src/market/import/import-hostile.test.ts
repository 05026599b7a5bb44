/** Files that are damaged, or made to do harm: each is refused with a reason, and nothing is written. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32, deflateRawSync, gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { hasSharedData, SHARED_DATA } from "../market-fixture.ts";
import { csv, failureOf, fixture, GOOD, HEADER } from "./import-fixture.ts";

interface ZipEntry {
  readonly name: string;
  readonly content: string;
  /** The checksum that the archive states, where it is not the content's own. */
  readonly checksum?: number;
  /** The length that the archive states, where it is not the content's own. */
  readonly length?: number;
}

/** An archive as the format has it (PKWARE's APPNOTE): local headers with their data, the directory, and its end. */
function zipOf(...entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, checksum, length } of entries) {
    const data = deflateRawSync(content);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(checksum ?? crc32(content), 10);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(length ?? Buffer.byteLength(content), 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from("PK\u0003\u0004"), fields, Buffer.from(name), data]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("PK\u0001\u0002"), Buffer.from([20, 0]), fields, place, Buffer.from(name));
    parts.push(local);
    offset += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, listed, Buffer.from("PK\u0005\u0006"), end]);
}

const BARS = csv(...GOOD);

/** Ten million characters that compress to ten thousand, a hundred times: a line of a gigabyte. */
function gigabyteLine(): Buffer {
  const member = gzipSync(Buffer.alloc(10_000_000, "1"));
  return Buffer.concat([gzipSync(`${HEADER}\n`), ...Array.from({ length: 100 }, () => member)]);
}

describe("a file that cannot be right", () => {
  const whole = zipOf({ name: "SPY.csv", content: BARS });
  it.each<[name: string, file: string, content: Buffer | string, message: RegExp]>([
    [
      "text in UTF-16",
      "SPY.csv",
      Buffer.from(`\uFEFF${BARS}`, "utf16le"),
      /SPY\.csv cannot be read: it is text in UTF-16; save it as UTF-8/,
    ],
    [
      "a program",
      "SPY.csv",
      Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0]),
      /SPY\.csv cannot be read: it is not text/,
    ],
    ["nothing", "SPY.csv", "", /SPY\.csv is empty/],
    ["an empty gzip", "SPY.csv.gz", gzipSync(""), /SPY\.csv\.gz is empty/],
    ["a header only", "SPY.csv", `${HEADER}\n`, /no row that can be taken: 0 read/],
    ["a line of a gigabyte", "SPY.csv.gz", gigabyteLine(), /line 2: the line is longer than 65536 bytes/],
    [
      "gzip of something else",
      "SPY.csv.gz",
      Buffer.concat([gzipSync(BARS).subarray(0, 12), Buffer.from("no deflate data")]),
      /could not be read/,
    ],
    [
      "an archive that is cut off",
      "SPY.zip",
      whole.subarray(0, whole.length - 30),
      /SPY\.zip could not be read: .*end of central directory/i,
    ],
    [
      "an archive cut off in its data",
      "SPY.zip",
      Buffer.concat([whole.subarray(0, 40), whole.subarray(70)]),
      /SPY\.zip could not be read/,
    ],
    [
      "an archive with a wrong checksum",
      "SPY.zip",
      zipOf({ name: "SPY.csv", content: BARS, checksum: 1 }),
      /does not have its checksum/,
    ],
    [
      "an archive that lies about a size",
      "SPY.zip",
      zipOf({ name: "SPY.csv", content: BARS, length: 7 }),
      /SPY\.zip could not be read: too many bytes/,
    ],
    [
      "a path that leads out of the archive",
      "SPY.zip",
      zipOf({ name: "../../SPY.csv", content: BARS }),
      /invalid relative path/,
    ],
    ["an absolute path in an archive", "SPY.zip", zipOf({ name: "/etc/SPY.csv", content: BARS }), /absolute path/],
    [
      "a backslash in an archive",
      "SPY.zip",
      zipOf({ name: "..\\SPY.csv", content: BARS }),
      /invalid characters in fileName/,
    ],
    [
      "an archive in an archive",
      "SPY.zip",
      zipOf({ name: "SPY.zip", content: whole.toString("latin1") }),
      /SPY\.zip\/SPY\.zip cannot be read/,
    ],
    ["an archive of nothing", "SPY.zip", zipOf(), /has nothing to import: it holds no files/],
    [
      "JSON that is cut off",
      "bars.json",
      '{"bars":{"SPY":[{"t":"2024-03-05T14:30:00Z","o":1',
      /bars\.json could not be read: .*JSON/,
    ],
    ["JSON of something else", "bars.json", '{"bars":7}', /is not an answer of \/v2\/stocks\/bars/],
    ["JSON with bars that are none", "bars.json", '{"bars":{"SPY":7}}', /the bars of "SPY" are not a list/],
    ["Parquet that is cut off", "SPY.parquet", Buffer.from("PAR1 and no more"), /SPY\.parquet could not be read/],
    [
      "Parquet in gzip",
      "SPY.parquet.gz",
      gzipSync("PAR1 and no more"),
      /Parquet is read from a file of its own; unpack it first/,
    ],
  ])("is refused: %s", async (_, file, content, message) => {
    const { market, take } = await fixture(onTestFinished);
    const error = await failureOf(take(file, content));
    expect(error).toMatchObject({ code: "import_failed", message: expect.stringMatching(message) });
    expect(market.hasSymbol("SPY")).toBe(false);
    expect(existsSync(join(market.directory, "manifest.json"))).toBe(false);
  });

  it.each([
    ['"2024-03-05T14:30:00Z","1,000","1,000","1,000","1,000","100"', "wrong_field_count"],
    ["2024-03-05T14:30:00Z;10;12;9;11;100", "wrong_field_count"],
    ["2024-03-05T14:30:00Z,=10+2,12,9,11,100", "bad_number"],
    ["2024-03-05T14:30:00Z,10,12,9,11,1e999", "bad_number"],
  ])("has its row %s refused as %s", async (row, reason) => {
    const { take } = await fixture(onTestFinished);
    const report = await take("SPY.csv", csv("2024-03-05T14:29:00Z,10,12,9,11,100", row), { timeframe: "1Min" });
    expect(report).toMatchObject({ rowsAccepted: 1, reasons: [{ reason, rows: 1 }] });
  });

  it("keeps what a symbol may be from becoming part of a path", async () => {
    const { market, take } = await fixture(onTestFinished);
    const rows = ["../../etc/x", "A/../B", "spy", "Ä", "=A1"].map((symbol) => `${symbol},${GOOD[0]}`);
    const report = await take("all.csv", [`symbol,${HEADER}`, `SPY,${GOOD[0]}`, ...rows].join("\n"), {
      timeframe: "1Min",
    });
    expect(report).toMatchObject({ rowsAccepted: 1, reasons: [{ reason: "bad_symbol", rows: rows.length }] });
    expect(market.assets().map(({ symbol }) => symbol)).toEqual(["SPY"]);
  });

  it("takes an archive that is whole", async () => {
    const { take } = await fixture(onTestFinished);
    const report = await take(
      "bars.zip",
      zipOf({ name: "SPY.csv", content: BARS }, { name: "QQQ.csv", content: BARS }),
    );
    expect(report).toMatchObject({ files: 2, rowsAccepted: 4, format: "csv" });
  });
});

describe.skipIf(!hasSharedData)("a damaged Parquet file (skipped where ../shared/data is absent)", () => {
  it("is refused wherever it is cut, and where its bytes are others", async () => {
    const bytes = await readFile(join(SHARED_DATA, "formats/daily_AAPL_2014/bars.parquet"));
    for (const length of [8, 1000, bytes.length - 1]) {
      const { market, take } = await fixture(onTestFinished);
      expect(await failureOf(take("AAPL.parquet", bytes.subarray(0, length)))).toMatchObject({ code: "import_failed" });
      expect(market.hasSymbol("AAPL")).toBe(false);
    }
    const { take } = await fixture(onTestFinished);
    const scrambled = Buffer.from(bytes);
    scrambled.fill(0xff, 200, 3000);
    expect(await failureOf(take("AAPL.parquet", scrambled))).toMatchObject({ code: "import_failed" });
  });
});
