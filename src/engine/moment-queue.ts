/** A binary heap: the smallest item first. */

export interface Queue<T> {
  readonly peek: () => T | undefined;
  readonly pop: () => T | undefined;
  readonly push: (item: T) => void;
  readonly size: () => number;
}

export function createQueue<T>(compare: (a: T, b: T) => number): Queue<T> {
  const items: T[] = [];
  const rise = (item: T, from: number): void => {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = items[above] as T;
      if (compare(item, parent) >= 0) break;
      items[place] = parent;
      place = above;
    }
    items[place] = item;
  };
  const sink = (item: T): void => {
    let place = 0;
    for (let below = 1; below < items.length; below = place * 2 + 1) {
      const right = below + 1;
      const least = right < items.length && compare(items[right] as T, items[below] as T) < 0 ? right : below;
      const child = items[least] as T;
      if (compare(child, item) >= 0) break;
      items[place] = child;
      place = least;
    }
    items[place] = item;
  };
  return {
    peek: () => items[0],
    size: () => items.length,
    push: (item) => {
      items.push(item);
      if (items.length > 1) rise(item, items.length - 1);
    },
    pop: () => {
      const top = items[0];
      const last = items.pop();
      if (last !== undefined && items.length > 0) sink(last);
      return top;
    },
  };
}
