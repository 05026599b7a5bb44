/** The stylesheet's colours as a canvas takes them. */

export interface Colours {
  readonly ink: string;
  readonly line: string;
  readonly surface: string;
  readonly crosshair: string;
  readonly up: string;
  readonly down: string;
  readonly upSoft: string;
  readonly downSoft: string;
  readonly font: string;
}

/** As they are now: they change with the theme and the palette. */
export function readColours(): Colours {
  const probe = document.createElement("span");
  document.body.append(probe);
  const colour = (name: string): string => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const [up, down] = [colour("--up"), colour("--down")];
  const found = {
    ink: colour("--ink-2"),
    line: colour("--line"),
    surface: colour("--surface"),
    crosshair: colour("--line-strong"),
    up,
    down,
    upSoft: faded(up),
    downSoft: faded(down),
    font: getComputedStyle(probe).fontFamily,
  };
  probe.remove();
  return found;
}

const faded = (colour: string): string => colour.replace(/^rgb\((.*)\)$/, "rgba($1, 0.32)");
