/** Tokens for whom the realm knows already: the password was right a moment ago. */
import type {Measurement} from '../measurement.ts';
import {basicOf, bearerOf, tokenPath} from '../targets/account.ts';
import type {TokenKey} from '../targets/target.ts';
import {askAgain, askMetrics, coreMetric} from './ask.ts';

type Kind = {readonly key: TokenKey; readonly title: string; readonly connections: number};

const certificate = {key: 'certificate', title: 'the P-256 key of the TLS pair'} as const;
const kinds: readonly Kind[] = [
  {...certificate, connections: 1},
  {...certificate, connections: 64},
  {key: 'ES256', title: 'an ES256 key', connections: 64},
  {key: 'EdDSA', title: 'an EdDSA key', connections: 64},
  {key: 'RS256', title: 'an RS256 key', connections: 64},
];

/** What may be asked for by whoever pushes. */
const repository = 'bench/token/image';
const path = tokenPath(repository, 'pull,push');

export const tokenMeasurements: readonly Measurement[] = kinds.map(measurementOf);

function measurementOf({key, title, connections}: Kind): Measurement {
  return {
    id: `accounts/token/${key}/${connections}`,
    group: 'Tokens',
    title: `tokens signed with ${title}, ${connections} ${connections === 1 ? 'connection' : 'connections'}`,
    metrics: [...askMetrics, coreMetric],
    yardstick: 'holdfast-accounts',
    needs: ['wrk'],
    warmsUp: true,
    takes: ({accounts}) => accounts === 'on',
    refuses: () => undefined,
    open: async (target, bench) => {
      const server = await bench.start(target, 'http', {tokenKey: key});
      const {pid, account} = server;
      if (account === undefined) throw new Error('there is no account');
      const headers = {Authorization: basicOf(account)};
      // The first login computes a slow hash, which on a busy machine takes longer than a short round.
      await bearerOf(server, repository);
      return {
        pid,
        round: (round) =>
          askAgain(bench, server, {method: 'GET', path, headers, connections}, round),
        close: () => server.stop(),
      };
    },
  };
}
