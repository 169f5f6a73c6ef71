/** The images of deploy/compose: Holdfast's as its recipe builds it, and the others of Debian's programs, as no other registry can be reached. */
import {mkdir, readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {makeServerCertificate} from './certificate.ts';
import {run} from './command.ts';
import {importBase} from './container-base.ts';
import {findProgram} from './programs.ts';
import {projectRoot} from './project-root.ts';
import type {Client} from './workbench.ts';

/** Makes the image `holdfast` in that daemon. */
export async function buildHoldfast(docker: Client, directory: string): Promise<void> {
  const image = join(directory, 'image');
  await run(process.execPath, [join(projectRoot, 'deploy/container/stage.js'), image]);
  const packages = join(image, 'program/node_modules');
  const files = await readdir(packages, {recursive: true});
  await importBase(docker, join(directory, 'node'), 'node-base', {
    programs: {'usr/bin/node': process.execPath},
    loaded: files
      .filter((path) => path.endsWith('.node') && !path.includes('musl'))
      .map((path) => join(packages, path)),
  });
  const build = ['build', '--build-arg', 'BASE=node-base', '--tag', 'holdfast'];
  await docker(...build, '--file', join(image, 'Containerfile'), image);
}

/** Makes the image `nginx-here`, with what Debian's nginx looks for when it starts. */
export async function importNginx(docker: Client, directory: string): Promise<void> {
  await importBase(docker, join(directory, 'nginx'), 'nginx-here', {
    programs: {'usr/sbin/nginx': findProgram('nginx') ?? ''},
    texts: {
      'etc/passwd': 'root:x:0:0::/:/\nnobody:x:65534:65534::/:/\n',
      'etc/group': 'root:x:0:\nnogroup:x:65534:\n',
      'var/lib/nginx/.keep': '',
    },
    changes: ['ENTRYPOINT ["/usr/sbin/nginx", "-e", "stderr", "-g", "daemon off;"]'],
  });
}

/** What the official image does with its variables at its first start; its server makes itself a certificate. */
const startMariadb = `set -e
/usr/bin/busybox mkdir -p /bin
/usr/bin/busybox --install -s /bin
mkdir -p /run/mysqld
words='--no-defaults --user=root --datadir=/var/lib/mysql'
if ! [ -d /var/lib/mysql/mysql ]; then
  mariadb-install-db $words --basedir=/usr --skip-name-resolve --skip-test-db
  cat >/tmp/first.sql <<END
CREATE DATABASE $MARIADB_DATABASE;
CREATE USER '$MARIADB_USER'@'%' IDENTIFIED BY '$(cat "$MARIADB_PASSWORD_FILE")';
GRANT ALL ON $MARIADB_DATABASE.* TO '$MARIADB_USER'@'%';
END
  words="$words --init-file=/tmp/first.sql"
fi
exec mariadbd $words --bind-address=* --ssl-cert=/tls/server.pem --ssl-key=/tls/server.key --innodb-buffer-pool-size=32M
`;

/** Makes the image `mariadb-here`. */
export async function importMariadb(docker: Client, directory: string): Promise<void> {
  const programs = ['mariadbd', 'my_print_defaults', 'resolveip'].map((name) => {
    const path = findProgram(name) ?? '';
    return [path.slice(1), path];
  });
  const share = '/usr/share/mysql';
  const scripts = [
    'system_tables',
    'performance_tables',
    'system_tables_data',
    'sys_schema',
    'test_db',
  ];
  const tls = join(directory, 'tls');
  await mkdir(tls);
  const {certificateFile, keyFile} = await makeServerCertificate(tls);
  await importBase(docker, join(directory, 'mariadb'), 'mariadb-here', {
    programs: Object.fromEntries(programs) as Readonly<Record<string, string>>,
    files: [
      ...['charsets', 'english', 'fill_help_tables.sql', 'maria_add_gis_sp_bootstrap.sql'],
      ...scripts.map((name) => `mysql_${name}.sql`),
    ]
      .map((name) => `${share}/${name}`)
      .concat(['busybox', 'mariadb-install-db'].map((name) => findProgram(name) ?? '')),
    texts: {
      'etc/passwd': 'root:x:0:0::/:/bin/sh\n',
      'etc/group': 'root:x:0:\n',
      'start.sh': startMariadb,
      'tls/server.pem': await readFile(certificateFile, 'utf8'),
      'tls/server.key': await readFile(keyFile, 'utf8'),
      'var/lib/mysql/.keep': '',
    },
    changes: [
      'ENV PATH=/usr/sbin:/usr/bin:/sbin:/bin',
      'ENTRYPOINT ["/usr/bin/busybox", "sh", "/start.sh"]',
    ],
  });
}
