/** A table of metrics: each has its key, what it means and how it is computed, in one place. */

export interface Metric<Subject> {
  /** One sentence with its unit. */
  readonly means: string;
  /** A figure by the year is withheld from short samples. */
  readonly isAnnualised?: true;
  /** NaN or infinite where it is not defined. */
  readonly of: (subject: Subject) => number;
}

export type MetricTable<Subject> = Readonly<Record<string, Metric<Subject>>>;

/** One number a metric; null where it is not defined or withheld. */
export type Figures<Table> = { readonly [Key in keyof Table]: number | null };

/** Fewer returns than this say nothing about a year. */
export const DAYS_TO_ANNUALISE = 30;

/** Every metric of a table, in its order. `days`: how many returns there are. */
export function figuresOf<Subject, Table extends MetricTable<Subject>>(
  table: Table,
  subject: Subject,
  days: number,
): Figures<Table> {
  const entries = Object.entries<Metric<Subject>>(table).map(([key, { isAnnualised, of }]) => {
    const isWithheld = isAnnualised === true && days < DAYS_TO_ANNUALISE;
    return [key, isWithheld ? null : tellable(of(subject))];
  });
  return Object.fromEntries(entries) as Figures<Table>;
}

/** What may stand in a report: never NaN, infinity or a negative zero. */
export function tellable(value: number): number | null {
  if (!Number.isFinite(value)) return null;
  return value === 0 ? 0 : value;
}

/** Key to sentence. */
export function definitionsOf(table: Readonly<Record<string, { readonly means: string }>>): Record<string, string> {
  return Object.fromEntries(Object.entries(table).map(([key, { means }]) => [key, means]));
}
