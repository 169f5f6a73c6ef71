/** Whether a run of the suite was whole and good. */
import type {modes} from './holdfast.ts';
import type {Report} from './report.ts';

/** `OCI_VERSION`: the released specification, and what will be the next. */
export const specifications = ['1.1', 'dev'] as const;
type Specification = (typeof specifications)[number];

/** What the pinned version of the suite counts: with a newer one these change too. */
const known = {
  '1.1': {passed: 860, disabled: 2},
  dev: {passed: 986, disabled: 0},
} as const satisfies Record<Specification, Pick<Report, 'passed' | 'disabled'>>;

export interface Judged extends Pick<Report, 'passed' | 'failed' | 'skipped' | 'disabled'> {
  readonly specification: Specification;
  readonly mode: (typeof modes)[number];
  /** How many tokens the realm gave out meanwhile. */
  readonly tokens: number;
}

/** Everything passed, nothing was left out but what README.md names, and where there are accounts the suite came with tokens. */
export function isGood({
  specification,
  mode,
  passed,
  failed,
  skipped,
  disabled,
  tokens,
}: Judged): boolean {
  const {passed: least, disabled: leftOut} = known[specification];
  const isWhole = passed >= least && skipped === 0 && disabled === leftOut;
  // By name and password alone the checks would pass as well.
  const isAskedByTokens = mode === 'none' ? tokens === 0 : tokens > 0;
  return failed === 0 && isWhole && isAskedByTokens;
}
