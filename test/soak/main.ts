/** `npm run soak -- --minutes 30 --seed 7`: a mixed load for as long as one likes, with a sample every few seconds and a verdict. */
import {parseArgs} from 'node:util';
import {soak} from './soak.ts';

const {values} = parseArgs({
  options: {
    minutes: {type: 'string', default: '30'},
    seed: {type: 'string', default: String(Date.now() % 2 ** 32)},
    clients: {type: 'string', default: '6'},
    accounts: {type: 'boolean', default: false},
  },
});
console.log(`seed ${values.seed}, ${values.minutes} minutes, ${values.clients} clients`);
const {faults} = await soak({
  seed: Number(values.seed),
  milliseconds: Number(values.minutes) * 60_000,
  clients: Number(values.clients),
  adminPassword: values.accounts ? 'password of the soaked admin' : undefined,
  say: console.log,
});
console.log(faults.length === 0 ? 'nothing grew, every byte was right' : faults.join('\n'));
if (faults.length > 0) process.exitCode = 1;
