import { eventually, fleetTest, fleetTimeoutMs } from '@flotilla/testkit';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { errors } from '../../contracts/src/errors.ts';
import { readText } from './repository.ts';

interface Rule {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: string };
  annotations: { summary: string; runbook: string };
}

interface Panel {
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string; datasource: { uid: string } }[];
}

const rulesFile = 'infra/prometheus/alerts.yml';
const dashboardFile = 'infra/grafana/dashboards/flotilla.json';
const rules = (parse(readText(rulesFile)) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules);
const { panels } = JSON.parse(readText(dashboardFile)) as { panels: Panel[] };
const expressions = [
  ...rules.map(({ alert, expr }) => ({ where: alert, expr })),
  ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ where: title, expr }))),
];

/** Series that an expression asks for: names, with the values that labels must have. */
const selectors = (expr: string) =>
  [...expr.matchAll(/\b(flotilla_\w+|nodejs_\w+|process_\w+)(?:\{([^}]*)\})?/g)].map(([, name = '', labels = '']) => ({
    name,
    labels: [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = '', value = '']) => ({ label, value })),
  }));

/** What a histogram is called whose buckets are asked for. */
const baseName = (name: string) => name.replace(/_(bucket|count|sum)$/, '');

describe('alert rules', () => {
  test('each say what is wrong, how bad it is and where to read what to do', () => {
    const page = readText('docs/alerts.md');
    const headings = [...page.matchAll(/^### (\w+)$/gm)].map(([, heading]) => heading);
    expect(rules.map(({ alert }) => alert).sort()).toEqual(headings.sort());
    for (const { alert, labels, annotations } of rules) {
      expect(['page', 'ticket']).toContain(labels.severity);
      expect(annotations.summary.length).toBeGreaterThan(10);
      expect(annotations.runbook).toBe(`docs/alerts.md#${alert.toLowerCase()}`);
      const section = page.split(`### ${alert}\n`)[1]?.split(/\n#/)[0] ?? '';
      // What it means, then at least one step.
      expect(section, alert).toMatch(/^\n\w[\s\S]+\n1\. /);
    }
  });
});

describe('the dashboard', () => {
  test('puts no panel upon another', () => {
    const places = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, n) => `${x + (n % w)}/${y + Math.floor(n / w)}`),
    );
    expect(new Set(places).size).toBe(places.length);
  });

  test('asks the data source that is set up beside it', () => {
    const { datasources } = parse(readText('infra/grafana/provisioning/datasources/prometheus.yml')) as {
      datasources: { uid: string }[];
    };
    const asked = new Set(panels.flatMap(({ targets = [] }) => targets.map(({ datasource }) => datasource.uid)));
    expect([...asked]).toEqual(datasources.map(({ uid }) => uid));
  });
});

describe('infra/compose.monitoring.yml', () => {
  interface Service {
    volumes: string[];
    ports: string[];
    healthcheck: object;
  }
  const { services } = parse(readText('infra/compose.monitoring.yml')) as { services: Record<string, Service> };

  test('mounts what is there, and publishes nothing beyond this host', () => {
    for (const { volumes, ports, healthcheck } of Object.values(services)) {
      const folders = volumes.flatMap((volume) => (volume.startsWith('./') ? [volume.split(':')[0] ?? ''] : []));
      expect(folders.length).toBeGreaterThan(0);
      const files = ['prometheus.yml', 'alerts.yml', 'flotilla.json', 'datasources/prometheus.yml'];
      for (const folder of folders)
        expect(files.some((file) => isThere(`infra/${folder.slice(2)}/${file}`))).toBe(true);
      expect(ports.every((port) => port.startsWith('127.0.0.1:'))).toBe(true);
      expect(healthcheck).toBeDefined();
    }
  });

  test('scrapes every app', () => {
    const { scrape_configs, rule_files } = parse(readText('infra/prometheus/prometheus.yml')) as {
      scrape_configs: { job_name: string }[];
      rule_files: string[];
    };
    const apps = Object.keys((parse(readText('infra/compose.yml'), { merge: true }) as { services: object }).services);
    expect(scrape_configs.map((job) => job.job_name).sort()).toEqual(apps.filter((name) => name !== 'redis').sort());
    expect(rule_files).toEqual(['/etc/prometheus/alerts.yml']);
  });
});

const isThere = (path: string) => {
  try {
    return readText(path).length > 0;
  } catch {
    return false;
  }
};

const withFleet = fleetTest({ workers: 2, receiver: false });

/** What one app shows; nothing of one that does not answer. */
const metricsOf = async ({ url }: { url: string }) =>
  fetch(`${url}/metrics`)
    .then((answer) => answer.text())
    .catch(() => '');

/** The value of one series, by its beginning. */
const seriesValue = (shown: string, start: string) =>
  Number(
    shown
      .split('\n')
      .find((line) => line.startsWith(start))
      ?.split(' ')
      .at(-1),
  );

describe('what the apps show', { timeout: fleetTimeoutMs }, () => {
  withFleet('is all that rules and dashboard ask for', async ({ fleet }) => {
    const shown = (
      await Promise.all([...fleet.gateways, ...fleet.workers, ...fleet.webhookWorkers].map(metricsOf))
    ).join('\n');
    const asked = expressions.flatMap(({ where, expr }) => selectors(expr).map((one) => ({ where, ...one })));
    expect(asked.length).toBeGreaterThan(40);
    const missing = asked.filter(({ name, labels }) => {
      if (!shown.includes(`# TYPE ${baseName(name)} `)) return true;
      // Errors show when they happen.
      if (name === 'flotilla_http_errors_total') return labels.some(({ value }) => !(value in errors));
      // Their states come and go.
      if (name === 'flotilla_held_instances') return false;
      const series = shown.split('\n').filter((line) => line.startsWith(`${name}{`));
      return labels.some(({ label, value }) => !series.some((line) => line.includes(`${label}="${value}"`)));
    });
    expect(missing).toEqual([]);
  });

  withFleet('is what has happened: a message, and a takeover', async ({ fleet }) => {
    const tenant = await fleet.api.newTenant();
    const { id } = await tenant.pairedInstance(fleet.simulator);
    const { phone } = await fleet.simulator.createContact();
    await tenant.sendText(id, phone, 'hello', { waitSeconds: 20 });
    const owner = await fleet.ownerOf(tenant, id);
    const heir = fleet.workers.find((worker) => worker !== owner);
    if (!heir) throw new Error('There is no second worker');
    const before = await metricsOf(owner);
    expect(seriesValue(before, 'flotilla_journal_steps_total{status="acked"')).toBe(1);
    expect(seriesValue(before, 'flotilla_socket_closings_total{code="515"')).toBe(1);
    expect(seriesValue(before, 'flotilla_claims_total{from="nobody"')).toBe(1);
    expect(seriesValue(before, 'flotilla_loop_idle_seconds{loop="renewal"')).toBeLessThan(5);

    await owner.kill();
    const after = await eventually(
      async () => {
        const shown = await metricsOf(heir);
        return seriesValue(shown, 'flotilla_takeover_seconds_count') === 1 ? shown : undefined;
      },
      { timeoutMs: 30_000, message: 'The takeover was counted' },
    );
    expect(seriesValue(after, 'flotilla_claims_total{from="dead"')).toBe(1);
    const seconds = seriesValue(after, 'flotilla_takeover_seconds_sum');
    // It was silent for as long as it takes to be suspected, at least.
    expect(seconds).toBeGreaterThan(1);
    expect(seconds).toBeLessThan(20);
    expect(seriesValue(after, 'flotilla_conflicts_total{owner="another"')).toBe(0);
  });
});
