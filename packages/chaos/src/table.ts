import { type FigureName, figures } from './figures.ts';
import type { PerformanceReport } from './performance.ts';

const decimals = (value: number) => (Number.isInteger(value) ? String(value) : value.toFixed(1));

/** A report as text: what was planned, each figure with its bound, and the verdict. */
export function tableOf(report: PerformanceReport): string {
  const { scenario, seed, scope, seconds, plan, bounds, figures: seen, findings, refusals, kept } = report;
  const broken = new Set(report.breaches.map(({ figure }) => figure));
  const rows = (Object.keys(figures) as FigureName[]).flatMap((name) => {
    const value = seen[name];
    if (value === undefined) return [];
    const bound = bounds[name];
    const word = bound === undefined ? '' : broken.has(name) ? 'BROKEN' : 'kept';
    return [[name, decimals(value), bound === undefined ? '' : `≤ ${decimals(bound)}`, word]];
  });
  const details = Object.entries(findings).map(([name, found]) => `  ${name}: ${found.slice(0, 5).join('; ')}`);
  const failures = report.notes.filter(({ text }) => text.startsWith('FAILED')).map(({ text }) => `  ${text}`);
  const refused = Object.entries(refusals).map(([reason, count]) => `${count} × ${reason}`);
  const verdict = kept
    ? 'kept'
    : `BROKEN: ${report.breaches.map(({ figure, value, bound }) => `${figure} ${decimals(value)} > ${decimals(bound)}`).join(', ')}`;
  return [
    `── ${scenario}, seed ${seed}, ${scope.form} form: ${scope.instances} instances, ${scope.workers} workers, Redis ${scope.redis}, ${decimals(seconds)} s`,
    ...plan.map(({ after, what }) => `  ${decimals(after)} s later: ${what}`),
    '',
    ...aligned([['figure', 'seen', 'bound', ''], ...rows]).map((line) => `  ${line}`),
    '',
    ...(refused.length > 0 ? [`  refused: ${refused.join(', ')}`] : []),
    ...failures,
    ...details,
    `  verdict: ${verdict}`,
    ...(kept ? [] : [`  again: ${replayOf(report)}`]),
  ].join('\n');
}

/** The command that plays it again. */
function replayOf({ scenario, seed, scope }: PerformanceReport): string {
  const { instances, workers, redis, form } = scope;
  const layout = redis === 'single' ? '' : ` --redis ${redis}`;
  return `pnpm chaos ${scenario} --seed ${seed} --instances ${instances} --workers ${workers}${layout}${form === 'long' ? ' --long' : ''}`;
}

/** One line for each report, at the end of a rotation. */
export function summaryOf(reports: readonly PerformanceReport[]): string {
  const rows = reports.map((report) => [
    report.scenario,
    String(report.seed),
    ...(
      ['accepted', 'inbound', 'lost', 'duplicated', 'out of order', 'inbound lost', 'overlaps', 're-pairings'] as const
    ).map((name) => decimals(report.figures[name] ?? 0)),
    decimals(report.figures['takeover (s)'] ?? report.figures['recovery (s)'] ?? 0),
    report.kept ? 'kept' : 'BROKEN',
  ]);
  const head = ['scenario', 'seed', 'accepted', 'inbound', 'lost', 'doubled', 'order', 'in lost', 'overlaps', 'paired'];
  return aligned([[...head, 'takeover (s)', 'verdict'], ...rows]).join('\n');
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
