/** A Helm chart, as its Chart.yaml says: somebody else's text, of which what is not as Helm has it counts as not there. */
import type {Details} from '../types.ts';

const helmConfig = 'application/vnd.cncf.helm.config.v1+json';

export const isChart = ({config}: Pick<Details, 'config'>): boolean =>
  config?.media_type === helmConfig;

interface ChartDetails {
  readonly texts: Readonly<Partial<Record<ChartText, string>>>;
  readonly isDeprecated: boolean;
  readonly keywords: readonly string[];
  readonly sources: readonly string[];
  /** `anna <anna@example.org>` */
  readonly maintainers: readonly string[];
  /** `redis 18.x from https://example.org` */
  readonly dependencies: readonly (readonly [name: string, version: string])[];
}

export const chartTexts = [
  'name',
  'version',
  'appVersion',
  'description',
  'type',
  'kubeVersion',
  'home',
] as const;
type ChartText = (typeof chartTexts)[number];

const most = 100;

export function chartOf(text: string | null): ChartDetails {
  const chart = objectIn(text);
  return {
    texts: Object.fromEntries(
      chartTexts.flatMap((key) => {
        const value = textIn(chart, key);
        return value === '' ? [] : [[key, value]];
      }),
    ),
    isDeprecated: chart['deprecated'] === true,
    keywords: listIn(chart, 'keywords').filter((each) => typeof each === 'string'),
    sources: listIn(chart, 'sources').filter((each) => typeof each === 'string'),
    maintainers: listIn(chart, 'maintainers').flatMap((each) => {
      const [name, email] = [textIn(each, 'name'), textIn(each, 'email')];
      return name === '' ? [] : [email === '' ? name : `${name} <${email}>`];
    }),
    dependencies: listIn(chart, 'dependencies').flatMap((each) => {
      const name = textIn(each, 'name');
      const parts = [textIn(each, 'version'), textIn(each, 'repository')];
      return name === '' ? [] : [[name, parts.filter((part) => part !== '').join(' ')] as const];
    }),
  };
}

function objectIn(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text ?? '');
    return isObject(json) ? json : {};
  } catch {
    return {};
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

function textIn(value: unknown, key: string): string {
  const text = isObject(value) ? value[key] : undefined;
  return typeof text === 'string' ? text : '';
}

function listIn(value: Readonly<Record<string, unknown>>, key: string): readonly unknown[] {
  const list = value[key];
  return Array.isArray(list) ? list.slice(0, most) : [];
}
