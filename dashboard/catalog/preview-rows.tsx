/** The first rows of a file: as they would be taken, or as they stand there and why they cannot be taken. */
import type { JSX } from "preact";
import type { ImportPreview } from "../api/connect-types.ts";
import { price, quantity } from "../format/numbers.ts";
import { momentText, zoneName } from "../format/times.ts";
import { settings } from "../settings/settings.ts";
import { canBeMapped } from "./mapping.ts";

export function PreviewRows({ preview }: { readonly preview: ImportPreview }): JSX.Element {
  const { format, rows, refused, problem, lines } = preview;
  const [first] = refused;
  return (
    <>
      {problem === null ? null : format === null && canBeMapped(preview) ? (
        <p class="notice">
          <strong>Say above what each column holds.</strong> {problem.message}
        </p>
      ) : (
        <p class="notice bad" role="alert">
          {problem.message}
        </p>
      )}
      {problem === null && first !== undefined ? (
        <p class="notice" role="status">
          Line {first.line} would be refused: {first.message} ({first.reason})
        </p>
      ) : null}
      {rows.length > 0 ? (
        <Taken rows={rows} />
      ) : lines.length > 0 ? (
        <pre class="code" tabIndex={0} role="region" aria-label="First lines">
          {lines.join("\n")}
        </pre>
      ) : null}
    </>
  );
}

function Taken({ rows }: Pick<ImportPreview, "rows">): JSX.Element {
  const { zone } = settings.value;
  return (
    <div class="scroll preview" tabIndex={0} role="region" aria-label="First rows as they would be taken">
      <table>
        <thead>
          <tr>
            <th>Symbol</th>
            <th>Time ({zoneName(zone)})</th>
            <th class="number">Open</th>
            <th class="number">High</th>
            <th class="number">Low</th>
            <th class="number">Close</th>
            <th class="number">Volume</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.symbol} ${row.t}`}>
              <td>{row.symbol}</td>
              <td class="nowrap">{momentText(Date.parse(row.t), zone)}</td>
              {[row.o, row.h, row.l, row.c].map((value, index) => (
                <td key={index} class="number">
                  {price(value)}
                </td>
              ))}
              <td class="number">{quantity(row.v)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
