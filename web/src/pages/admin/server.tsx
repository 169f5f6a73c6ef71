/** What this process is, and what it runs on. */
import {useQuery} from '@tanstack/react-query';
import {Age} from '../../parts/age.tsx';
import {Loading} from '../../parts/loading.tsx';
import {formatBytes} from '../../parts/numbers.ts';
import {ProblemAlert} from '../../parts/problem-alert.tsx';
import {t} from '../../texts/texts.ts';
import {FactTable} from './fact-table.tsx';
import {nodeQuery} from './node-query.ts';

export function Server() {
  const {data, error} = useQuery(nodeQuery);
  if (error && !data) return <ProblemAlert error={error} />;
  if (!data) return <Loading />;
  const {database, storage} = data;
  return (
    <FactTable
      facts={[
        {title: t('admin.server.version'), value: data.version},
        {title: t('admin.server.started'), value: <Age at={data.started_at} />},
        {title: t('admin.server.memory'), value: formatBytes(data.memory)},
        {title: t('admin.server.node'), value: `Node.js ${data.node_version}, ${data.platform}`},
        {title: t('admin.server.dataDir'), value: data.data_dir},
        {
          title: t('admin.server.database'),
          value: `${t(`admin.server.engines.${database.engine}`)}: ${database.place}`,
        },
        {title: t('admin.server.storage'), value: `${storage.driver}: ${storage.place}`},
        ...(storage.available === null || storage.total === null
          ? []
          : [
              {
                title: t('admin.server.space'),
                value: t('admin.storage.free', {
                  free: formatBytes(storage.available),
                  total: formatBytes(storage.total),
                }),
              },
            ]),
      ]}
    />
  );
}
