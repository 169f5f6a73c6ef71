/** The files that a run leaves: bench/results.json, from which the two others are made. */
import {readFile, writeFile} from 'node:fs/promises';
import {basename} from 'node:path';
import {fileURLToPath} from 'node:url';
import {type Results, resultsSchema} from '../results.ts';
import {chart} from './chart.ts';
import {markdown} from './markdown.ts';

const path = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));

export async function saveJson(results: Results, file: string): Promise<void> {
  await writeFile(file, `${JSON.stringify(results, null, 1)}\n`);
}

/** Throws where the file holds no results. */
export async function readJson(file: string): Promise<Results> {
  return resultsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
}

/** Answers with the names of what it wrote. */
export async function saveReport(results: Results): Promise<readonly string[]> {
  const [json, text, picture] = [path('results.json'), path('RESULTS.md'), path('results.svg')];
  await saveJson(results, json);
  await writeFile(text, markdown(results, basename(picture)));
  await writeFile(picture, chart(results));
  return [json, text, picture];
}
