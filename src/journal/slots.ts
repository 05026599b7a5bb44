/** Which slots of the mark file are free: those of deleted sessions are used again before the file grows. */

export interface Slots {
  readonly take: () => number;
  readonly release: (slot: number) => void;
}

/** `used` are the slots that the sessions on disk hold, in ascending order. */
export function createSlots(used: readonly number[]): Slots {
  const free: number[] = [];
  let next = 0;
  for (const slot of used) {
    while (next < slot) free.push(next++);
    next = slot + 1;
  }
  return {
    take: () => free.pop() ?? next++,
    release: (slot) => {
      free.push(slot);
    },
  };
}
