/** What is shown of a measurement. */
export interface Table {
  title: string;
  columns: string[];
  /** Numbers are shown with three digits that count; ready-made texts as they are. */
  rows: (string | number)[][];
}

/** What was promised, and what came of it. */
export interface Target {
  name: string;
  /** The median of the rounds. */
  value: number;
  /** What each round said, if there was more than one. */
  rounds?: number[];
  relation: 'at most' | 'at least';
  limit: number;
  /** Empty for a ratio. */
  unit: string;
}

/** Whether a target is met. */
export const isMet = ({ value, relation, limit }: Target): boolean =>
  relation === 'at most' ? value <= limit : value >= limit;

export interface BenchResult {
  tables: Table[];
  targets: Target[];
  /** What one has to know to read the figures: where a floor is, what else the machine did. */
  notes: string[];
  /** Why the figures say nothing, if they do not: such as a baseline that was slower than it is known to be. */
  invalid?: string;
}

interface BenchOptions {
  /** `short` takes some seconds and shows that the instrument works; its figures are not to be quoted. */
  size: 'full' | 'short';
  /** Told what is under way. */
  log: (line: string) => void;
}

/** One of the benchmarks that `pnpm bench <name>` runs. */
export interface Bench {
  name: string;
  title: string;
  /** What it measures and against what, in a paragraph of Markdown. */
  about: string;
  /** Starts what it needs, measures, and ends what it has started, even if it fails. */
  run(options: BenchOptions): Promise<BenchResult>;
}
