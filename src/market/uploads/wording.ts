/** Messages of the importer for somebody who sent a file: without the server's paths, and with fields for options. */
import type { UploadedFile } from "./upload-file.ts";

/** "--time-format" is the field time_format there. */
export const worded = (
  message: string,
  { folder, path, name }: Pick<UploadedFile, "folder" | "path" | "name">,
): string =>
  message
    .replaceAll(path, name)
    .replaceAll(folder, name)
    .replace(/(?<![\w-])--([a-z]+(?:-[a-z]+)*)/g, (_, option: string) => option.replaceAll("-", "_"));
