/**
 * `npm run fuzz -- --seconds 3600 --seed 7`: the fuzz of the HTTP surface as long as one likes. What failed is written to a file, from which
 * `npm run fuzz -- --replay FILE` says it again; `--accounts` is for a server with accounts.
 */
import {readFile, writeFile} from 'node:fs/promises';
import {parseArgs} from 'node:util';
import {speak} from '../load/connection.ts';
import {ServerProcess} from '../load/server-process.ts';
import {fuzz} from './fuzz.ts';
import {recorded, replayable} from './record.ts';
import {summary} from './summary.ts';

/** Of a server that lives as long as the run. */
const adminPassword = 'password of the fuzzed admin';

const {values} = parseArgs({
  options: {
    seconds: {type: 'string', default: '60'},
    seed: {type: 'string', default: String(Date.now() % 2 ** 32)},
    clients: {type: 'string', default: '16'},
    output: {type: 'string', default: 'fuzz-failures.jsonl'},
    accounts: {type: 'boolean', default: false},
    replay: {type: 'string'},
  },
});

if (values.replay === undefined) await run();
else await replay(values.replay);

async function run(): Promise<void> {
  const seed = Number(values.seed);
  console.log(`seed ${seed}, ${values.seconds} s, ${values.clients} clients`);
  const result = await fuzz({
    seed,
    milliseconds: Number(values.seconds) * 1000,
    clients: Number(values.clients),
    adminPassword: values.accounts ? adminPassword : undefined,
    say: console.log,
  });
  console.log(summary(result));
  if (result.failures.length > 0) {
    await writeFile(values.output, result.failures.map(recorded).join(''));
    console.log(`what failed: ${values.output}`);
  }
  if (result.failures.length + result.faults.length > 0) process.exitCode = 1;
}

/** Addresses of uploads are signed by the server that gave them out, and mean nothing to another. */
async function replay(file: string): Promise<void> {
  const server = await ServerProcess.start(values.accounts ? adminPassword : undefined);
  try {
    for (const line of (await readFile(file, 'utf8')).split('\n').filter((each) => each !== '')) {
      const {fault, speech} = replayable(line);
      console.log(
        `${fault}\n${Buffer.concat([...speech.pieces])
          .toString('latin1')
          .slice(0, 2000)}`,
      );
      console.log(await speak(server.port, speech).catch((error: unknown) => error));
    }
    console.log(server.complaints.join('\n'));
  } finally {
    await server.stop();
  }
}
