/** The beginning of a file, decompressed: by its look the format is known. */

/** Bytes of a head: some hundred rows of any format. */
export const HEAD_BYTES = 65_536;

const NEWLINE = 0x0a;

export interface FileHead {
  /** For messages and for what names and folders tell; an archive's entry is "archive.zip/entry.csv". */
  readonly path: string;
  readonly bytes: Buffer;
  /** Whole lines that are not blank, as text, without byte order mark and line breaks; none where the file is not text. */
  readonly lines: readonly string[];
}

/** `isWhole`: nothing follows, so that the last line is a whole one even without a line break. */
export function fileHead(path: string, bytes: Buffer, isWhole: boolean): FileHead {
  const end = isWhole ? bytes.length : bytes.lastIndexOf(NEWLINE) + 1;
  const isText = !bytes.includes(0);
  const text = isText ? bytes.toString("utf8", 0, end).replace(/^\uFEFF/, "") : "";
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  return { path, bytes, lines };
}

/** The fields of the first line in lower case, without quotes. */
export function headerOf({ lines }: FileHead, delimiter = ","): readonly string[] {
  return (lines[0] ?? "").split(delimiter).map((text) => text.trim().replace(/^"|"$/g, "").trim().toLowerCase());
}

/** Why the bytes cannot be text in UTF-8; undefined where they may be. */
export function notText({ bytes }: FileHead): string | undefined {
  const [first, second] = [bytes[0], bytes[1]];
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (isUtf16) return "it is text in UTF-16; save it as UTF-8";
  return bytes.includes(0) ? "it is not text, and no binary format that is known" : undefined;
}
