/** A binary heap: the smallest item first. */

export interface Queue<T> {
  readonly peek: () => T | undefined;
  readonly pop: () => T | undefined;
  readonly push: (item: T) => void;
}

export function createQueue<T>(compare: (a: T, b: T) => number): Queue<T> {
  const items: T[] = [];
  const isBefore = (a: number, b: number): boolean => {
    const first = items[a];
    const second = items[b];
    return first !== undefined && second !== undefined && compare(first, second) < 0;
  };
  const swap = (a: number, b: number): void => {
    const held = items[a];
    const other = items[b];
    if (held === undefined || other === undefined) return;
    items[a] = other;
    items[b] = held;
  };
  const rise = (from: number): void => {
    for (let child = from; child > 0;) {
      const parent = (child - 1) >> 1;
      if (!isBefore(child, parent)) return;
      swap(child, parent);
      child = parent;
    }
  };
  const sink = (): void => {
    for (let parent = 0; ;) {
      const left = parent * 2 + 1;
      const smallest = isBefore(left + 1, left) ? left + 1 : left;
      if (!isBefore(smallest, parent)) return;
      swap(parent, smallest);
      parent = smallest;
    }
  };
  return {
    peek: () => items[0],
    push: (item) => {
      items.push(item);
      rise(items.length - 1);
    },
    pop: () => {
      const top = items[0];
      const last = items.pop();
      if (last !== undefined && items.length > 0) {
        items[0] = last;
        sink();
      }
      return top;
    },
  };
}
