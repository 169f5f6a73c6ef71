/** What lies in deploy/monitoring, and a Prometheus that works by it. */
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {parse} from 'yaml';
import {freePort} from './ports.ts';
import {startService} from './service.ts';
import {temporaryDirectory} from './temporary-directory.ts';

export const monitoring = path.join(import.meta.dirname, '../../deploy/monitoring');

const read = async (name: string): Promise<string> => readFile(path.join(monitoring, name), 'utf8');

export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export async function readAlerts(): Promise<readonly Alert[]> {
  const {groups} = parse(await read('alerts.yaml')) as {groups: {rules: Alert[]}[]};
  return groups.flatMap(({rules}) => rules);
}

interface AlertTest {
  readonly promql_expr_test: readonly {
    readonly exp_samples: readonly {readonly labels: string}[];
  }[];
}

/** Those that some test has firing. */
export async function readTestedAlerts(): Promise<ReadonlySet<string>> {
  const {tests} = parse(await read('alerts.test.yaml')) as {tests: AlertTest[]};
  const samples = tests.flatMap((each) => each.promql_expr_test).flatMap((at) => at.exp_samples);
  return new Set(samples.map(({labels}) => /alertname="(\w+)"/.exec(labels)?.[1] ?? labels));
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: Readonly<Record<'x' | 'y' | 'w' | 'h', number>>;
  readonly targets?: readonly {readonly expr: string}[];
}

interface Dashboard {
  readonly uid: string;
  readonly panels: readonly Panel[];
  readonly templating: {readonly list: readonly {readonly name: string; readonly type: string}[]};
}

export const readDashboard = async (): Promise<Dashboard> =>
  JSON.parse(await read('dashboard.json')) as Dashboard;

/** As Grafana asks it, once its variables are filled in. */
export const asked = (expr: string): string =>
  expr
    .replaceAll('$__rate_interval', '20s')
    .replaceAll('$job', 'holdfast')
    .replaceAll('$instance', '.*');

/** The metrics that an expression names, by what `# TYPE` calls them. */
export const metricsIn = (expr: string): readonly string[] =>
  [...expr.matchAll(/\b(?:holdfast|process|nodejs)_\w+/g)].map(([name]) =>
    name.replace(/_(?:bucket|count)$/, ''),
  );

interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [time: number, value: string];
}

interface Prometheus {
  /** Rejects with what Prometheus has against the expression. */
  readonly query: (expr: string) => Promise<readonly Sample[]>;
  /** `/api/v1/NAME` */
  readonly api: (name: string) => Promise<unknown>;
}

/** With the rules and the configuration that we deliver; asks `target` each second in place of what stands there. */
export async function startPrometheus(t: ExecutionContext, target: string): Promise<Prometheus> {
  const directory = await temporaryDirectory(t);
  const port = await freePort(t);
  const config = (await read('prometheus.yaml'))
    .replace("'127.0.0.1:9464'", `'${target}'`)
    .replaceAll(/_interval: \d+s/g, '_interval: 1s');
  await writeFile(path.join(directory, 'prometheus.yaml'), config);
  await writeFile(path.join(directory, 'alerts.yaml'), await read('alerts.yaml'));
  await mkdir(path.join(directory, 'data'));
  const url = `http://127.0.0.1:${port}`;
  const words = ['--config.file=prometheus.yaml', '--storage.tsdb.path=data'];
  await startService(t, 'prometheus', [...words, `--web.listen-address=127.0.0.1:${port}`], {
    cwd: directory,
    ready: /Server is ready to receive web requests/,
  });
  const api = async (name: string): Promise<unknown> => {
    const answer = (await (await fetch(`${url}/api/v1/${name}`)).json()) as {
      readonly status: string;
      readonly error?: string;
      readonly data: unknown;
    };
    if (answer.status !== 'success') throw new Error(`${name}: ${answer.error ?? 'no answer'}`);
    return answer.data;
  };
  return {
    api,
    query: async (expr) => {
      const {result} = (await api(`query?query=${encodeURIComponent(expr)}`)) as {
        result: Sample[];
      };
      return result;
    },
  };
}
