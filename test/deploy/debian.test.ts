/** The Debian package, installed, used, upgraded and removed on a machine with systemd. */
import {createHash} from 'node:crypto';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {buildPackage} from '../support/debian-package.ts';
import {run} from '../support/command.ts';
import {shared} from '../support/lifetime.ts';
import {findProgram, missingPrograms} from '../support/programs.ts';
import {type Machine, startMachine, withoutMachine} from '../support/systemd-machine.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testUnless, testWith} from '../support/test-with.ts';

const reasons = [...withoutMachine, ...missingPrograms(['crane', 'curl', 'dpkg-deb'])];

const installed = shared(async (life) => {
  const machine = await startMachine(life);
  const file = await buildPackage(machine.shared, '0.1.0');
  await machine.run('dpkg', ['-i', file]);
  return machine;
});

const property = async (machine: Machine, name: string): Promise<string> =>
  machine.sh(`systemctl show -P ${name} holdfast`);

const crane = findProgram('crane') ?? 'crane';
/** As a client with its own trust would: docker would not look at the certificate of localhost. */
const client = `export SSL_CERT_FILE=/var/lib/holdfast/certs/ca.crt DOCKER_CONFIG=/root/docker`;

testUnless(
  reasons,
  'the package brings the service up, with its own Node, and it is pushed to and pulled from',
  async (t) => {
    const machine = await installed(t);
    t.is(await property(machine, 'ActiveState'), 'active');
    t.is(await property(machine, 'StatusText'), 'listens on https://localhost:5000');
    const pid = await property(machine, 'MainPID');
    t.regex(await machine.sh(`readlink /proc/${pid}/exe`), /\/usr\/lib\/holdfast\/bin\/node$/);
    t.is(await machine.sh(`ps -o user=,comm= -p ${pid}`), 'holdfast holdfast');
    const password = 'the password of anna';
    await machine.run('holdfast', ['user', 'create', 'anna', '--password-stdin'], {
      input: password,
    });
    const login = await machine.sh(`${client}
      echo '${password}' | ${crane} auth login localhost:5000 -u anna --password-stdin 2>&1
      echo layer >/root/layer
      tar -C /root -cf /root/layer.tar layer
      ${crane} append -f /root/layer.tar -t localhost:5000/anna/a:1 2>&1`);
    t.regex(login, /localhost:5000\/anna\/a@sha256:/);
    const pulled = await machine.sh(
      `${client}; ${crane} export localhost:5000/anna/a:1 - | tar -xO layer`,
    );
    t.is(pulled, 'layer');
    t.is(await machine.sh('stat -c "%U %a" /var/lib/holdfast'), 'holdfast 750');
    await machine.run('systemctl', ['start', 'holdfast-backup.service']);
    t.regex(await machine.sh('holdfast backup list /var/backups/holdfast'), / copy +1 +1 /);
    t.is(await machine.sh('stat -c "%U %a" /var/backups/holdfast'), 'holdfast 700');
  },
);

testUnless(reasons, 'whoever is silent for as long as WatchdogSec is started anew', async (t) => {
  const machine = await installed(t);
  await machine.sh(`mkdir -p /run/systemd/system/holdfast.service.d
    printf '[Service]\\nWatchdogSec=2\\nRestartSec=0\\n' >/run/systemd/system/holdfast.service.d/soon.conf
    systemctl daemon-reload
    systemctl restart holdfast`);
  const pid = await property(machine, 'MainPID');
  await machine.sh(`kill -STOP ${pid}
    while [ "$(systemctl show -P MainPID holdfast)" = ${pid} ] || ! systemctl -q is-active holdfast; do sleep 0.1; done
    rm -r /run/systemd/system/holdfast.service.d
    systemctl daemon-reload`);
  t.regex(await machine.sh('journalctl -u holdfast -o cat'), /Watchdog timeout \(limit 2s\)/);
});

testUnless(
  reasons,
  'a secret that root alone may read is a credential of the service',
  async (t) => {
    const machine = await installed(t);
    await machine.sh(`umask 077
    echo 'the-token-of-whoever-tells' >/etc/holdfast/incoming
    mkdir -p /run/systemd/system/holdfast.service.d
    echo '[Service]
    LoadCredential=incoming:/etc/holdfast/incoming' >/run/systemd/system/holdfast.service.d/secret.conf
    cp -p /etc/holdfast/holdfast.yaml /root/before
    echo 'notifications: {incoming: {tokenFile: /run/credentials/holdfast.service/incoming}}' >>/etc/holdfast/holdfast.yaml
    systemctl daemon-reload
    systemctl restart holdfast`);
    const shown = await machine.sh('holdfast config print | grep -A 3 incoming:');
    t.regex(shown, /token: .*file \/etc\/holdfast\/holdfast\.yaml/);
    await machine.sh(`cp -p /root/before /etc/holdfast/holdfast.yaml
    rm -r /run/systemd/system/holdfast.service.d
    systemctl daemon-reload
    systemctl restart holdfast`);
  },
);

/** Asks on new connections until the file is gone; prints what failed, and how many answered. */
const load = `
  const {existsSync} = require('node:fs');
  const {get} = require('node:https');
  const ask = () => new Promise((resolve) => {
    const options = {rejectUnauthorized: false, agent: false};
    get('https://127.0.0.1:5000/healthz', options, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode === 200 ? '' : 'answered ' + answer.statusCode));
    }).on('error', (error) => resolve(error.message));
  });
  let answered = 0;
  const worker = async () => {
    while (existsSync('/root/go-on')) {
      const problem = await ask();
      if (problem === '') answered += 1;
      else console.log(problem);
    }
  };
  Promise.all(Array.from({length: 4}, worker)).then(() => console.log(answered > 50 ? 'many answers' : 'few'));`;

testUnless(
  reasons,
  'with holdfast.socket a restart and an upgrade refuse no connection',
  async (t) => {
    const machine = await installed(t);
    await writeFile(join(machine.shared, 'load.cjs'), load);
    const upgrade = await buildPackage(machine.shared, '0.1.1');
    const said = await machine.sh(`
    systemctl stop holdfast
    systemctl --quiet enable --now holdfast.socket 2>/dev/null
    systemctl start holdfast
    echo '# Changed here.' >>/etc/holdfast/holdfast.yaml
    touch /root/go-on
    /usr/lib/holdfast/bin/node ${machine.shared}/load.cjs >/root/load 2>&1 &
    sleep 1
    systemctl restart holdfast
    dpkg -i ${upgrade} >/dev/null 2>&1
    sleep 1
    rm /root/go-on
    wait
    cat /root/load`);
    t.is(said, 'many answers');
    t.is(await machine.sh('holdfast version'), 'holdfast 0.1.1');
    t.is(await property(machine, 'ActiveState'), 'active');
    t.regex(await machine.sh('cat /etc/holdfast/holdfast.yaml'), /^# Changed here\.$/m);
    t.is(
      await machine.sh(`${client}; ${crane} export localhost:5000/anna/a:1 - | tar -xO layer`),
      'layer',
    );
  },
);

testUnless(
  [...reasons, ...missingPrograms(['ocf-tester', 'ps', 'setpriv'])],
  'where systemd does not look after it, the resource agent and the script run it as its user',
  async (t) => {
    const machine = await installed(t);
    const said =
      await machine.sh(`systemctl --quiet disable --now holdfast.socket holdfast.service 2>/dev/null
      export OCF_ROOT=/usr/lib/ocf OCF_RESOURCE_INSTANCE=r OCF_RA_VERSION_MAJOR=1 HA_LOGFACILITY=none HA_RSCTMP=/run
      agent=/usr/lib/ocf/resource.d/holdfast/holdfast
      $agent start
      ps -o user=,comm= -p "$(cat /run/holdfast-r.pid)"
      OCF_CHECK_LEVEL=20 $agent monitor
      $agent stop
      script=/usr/share/doc/holdfast/examples/lsb/holdfast
      sh $script start >/dev/null
      ps -o user=,comm= -p "$(cat /run/holdfast.pid)"
      sh $script stop`);
    t.is(said, 'holdfast holdfast\nholdfast holdfast\nholdfast: stopped');
  },
);

testUnless(
  reasons,
  'a removal leaves data and configuration, and a purge the data, and says so',
  async (t) => {
    const machine = await installed(t);
    await machine.sh('dpkg -r holdfast');
    t.is(
      await machine.sh('systemctl is-active holdfast holdfast.socket || true'),
      'inactive\ninactive',
    );
    t.is(await machine.sh('ls /usr/lib/holdfast /usr/bin/holdfast 2>/dev/null || true'), '');
    t.regex(await machine.sh('cat /etc/holdfast/holdfast.yaml'), /^# Changed here\.$/m);
    const said = await machine.sh('dpkg -P holdfast 2>&1');
    t.regex(said, /\/var\/lib\/holdfast is left; rm -r \/var\/lib\/holdfast removes it/);
    t.regex(said, /\/var\/backups\/holdfast is left/);
    t.regex(said, /the user holdfast is left/);
    t.regex(said, /\/etc\/holdfast is left/);
    t.is(
      await machine.sh('ls /etc/holdfast; ls -d /var/lib/holdfast/registry'),
      'incoming\n/var/lib/holdfast/registry',
    );
    const left = 'find /etc/systemd /var/lib/systemd/deb-systemd-helper* -name "holdfast*"';
    t.is(await machine.sh(`${left} 2>/dev/null || true`), '');
  },
);

testWith(['dpkg-deb'], 'the same sources make the same package, whoever builds it', async (t) => {
  const digests = await Promise.all(
    ['022', '077'].map(async (mask) => {
      const directory = await temporaryDirectory(t);
      const before = process.umask(Number.parseInt(mask, 8));
      const building = buildPackage(directory, '0.1.0');
      process.umask(before);
      return createHash('sha256')
        .update(await readFile(await building))
        .digest('hex');
    }),
  );
  t.is(digests[0], digests[1]);
});

// It takes half a minute of a processor.
if (process.env['TEST_LINTIAN'] === '1') {
  testWith(['lintian', 'dpkg-deb'], 'lintian finds no error in the package', async (t) => {
    t.timeout(280_000);
    const file = await buildPackage(await temporaryDirectory(t), '0.1.0');
    // That it is not packed tightly is for the test alone.
    const tags = 'uses-no-compression-for-control-tarball,uses-no-compression-for-data-tarball';
    const words = ['--no-cfg', '--fail-on', 'error', '--suppress-tags', tags, file];
    const {stdout, exitCode} = await run('lintian', words, {allowFailure: true, timeout: 270_000});
    t.is(exitCode, 0, stdout);
  });
}
