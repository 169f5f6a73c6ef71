/** Reads what the conformance program found. */
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';

type Counts = {
  readonly passed: number;
  readonly failed: number;
  /** The program met something that this registry does not offer. */
  readonly skipped: number;
  /** The program's own settings for this version of the specification leave it out. */
  readonly disabled: number;
};

export type Report = Counts & {
  /** What went wrong, a check and its reason each. */
  readonly problems: readonly string[];
};

/**
 * Reads `junit.xml` in the results directory. Throws if it is not there or if its numbers do not agree
 * with each other: the program ends with 0 when it never began.
 */
export async function readReport(directory: string): Promise<Report> {
  const xml = await readFile(join(directory, 'junit.xml'), 'utf8');
  const head = /<testsuites\s[^>]*>/.exec(xml)?.[0];
  if (head === undefined) throw new Error(`${directory}/junit.xml holds no result`);
  const count = (name: string) => Number(new RegExp(`\\s${name}="(\\d+)"`).exec(head)?.[1] ?? 0);

  const failed = count('failures') + count('errors');
  const [skipped, disabled] = [count('skipped'), count('disabled')];
  const passed = count('tests') - failed - skipped - disabled;
  const cases = testCases(xml);
  if (cases.length === 0 || passed < 0) throw new Error(`${directory}/junit.xml makes no sense`);
  const problems = cases
    .filter(({status, reason}) => status !== 'passed' && reason !== '')
    .map(({name, status, reason}) => `${status}: ${name}: ${reason}`);
  return {passed, failed, skipped, disabled, problems};
}

type TestCase = {readonly name: string; readonly status: string; readonly reason: string};

function testCases(xml: string): TestCase[] {
  const pattern =
    /<testcase name="(?<name>[^"]*)"[^>]* status="(?<status>[^"]*)"[^>]*>(?<body>.*?)<\/testcase>/gs;
  return [...xml.matchAll(pattern)].map(({groups}) => {
    const reason = /<system-out>(?<text>.*?)<\/system-out>/s.exec(groups?.['body'] ?? '');
    return {
      name: plain(groups?.['name'] ?? ''),
      status: groups?.['status'] ?? '',
      reason: plain(reason?.groups?.['text'] ?? ''),
    };
  });
}

/** XML text without its character references. */
function plain(text: string): string {
  return text
    .replaceAll(/&#(x?)([0-9a-fA-F]+);/g, (_, hex: string, code: string) =>
      String.fromCodePoint(parseInt(code, hex === '' ? 10 : 16)),
    )
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}
