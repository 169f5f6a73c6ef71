/** A virtual machine: its root is the host's files, its disks are files of the host, and it does what the host says. */
import {spawn, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {createWriteStream, existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import net from 'node:net';
import {join} from 'node:path';
import {text} from 'node:stream/consumers';
import {setTimeout} from 'node:timers/promises';
import type {Lifetime} from '../support/lifetime.ts';
import {freePort} from '../support/ports.ts';
import {findProgram} from '../support/programs.ts';
import type {Kernel} from './needs.ts';

/** In the machine. */
const agentPort = 2000;
export const serverPort = 5000;
/** A busy host gives a machine its timer late: that is no fault of it. */
const kernelWords = 'console=ttyS0 quiet panic=-1 no_timer_check nowatchdog tsc=reliable';
/** What a shell says last whose script went well. */
const wellDone = '(well done)';

export interface Disk {
  /** On the host, of raw bytes. */
  readonly file: string;
  /** `unsafe` for what need not outlive the host: its syncs cost nothing. */
  readonly cache?: 'unsafe';
}

/** What machines share: a kernel, how it begins, and a cable that leads from each to each other. */
export interface Rack {
  readonly life: Lifetime;
  readonly directory: string;
  readonly kernel: Kernel;
  readonly initramfs: string;
  /** On the host's loopback. */
  readonly cable: number;
}

export interface Plan {
  readonly name: string;
  /** The last number of its address on the cable. */
  readonly number: number;
  /** `/dev/vda` and so on. */
  readonly disks?: readonly Disk[];
}

/** In milliseconds: two busy cores have much else to do. */
const longestBoot = 300_000;
const longestScript = 600_000;

/** Ends a machine with the test, however that ends. */
const guardian = findProgram('setpriv') ?? 'setpriv';
/** Where /dev/kvm is that of a host which is itself a guest without the processor's help, it runs no kernel but its own kind. */
const accelerator =
  existsSync('/dev/kvm') && ['kvm_intel', 'kvm_amd'].some((at) => existsSync(`/sys/module/${at}`))
    ? 'kvm'
    : 'tcg,thread=multi,tb-size=256';

export const addressOf = (number: number): string => `10.77.0.${number}`;

export class Machine {
  readonly name: string;
  readonly address: string;
  /** Of the registry in it. */
  readonly url: string;
  readonly #rack: Rack;
  readonly #plan: Plan;
  readonly #ports: {readonly agent: number; readonly server: number};
  #process: ChildProcess | undefined;
  #gone: Promise<unknown> = Promise.resolve();

  private constructor(rack: Rack, plan: Plan, ports: {agent: number; server: number}) {
    this.#rack = rack;
    this.#plan = plan;
    this.#ports = ports;
    this.name = plan.name;
    this.address = addressOf(plan.number);
    this.url = `http://127.0.0.1:${ports.server}`;
  }

  static async boot(rack: Rack, plan: Plan): Promise<Machine> {
    const ports = {agent: await freePort(rack.life), server: await freePort(rack.life)};
    const machine = new Machine(rack, plan, ports);
    rack.life.teardown(async () => machine.kill());
    await machine.start();
    return machine;
  }

  /** The power is there again. */
  async start(): Promise<void> {
    const log = createWriteStream(this.#console, {flags: 'a'});
    const child = spawn(guardian, ['--pdeathsig', 'KILL', '--', ...this.#command], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    this.#process = child;
    this.#gone = once(child, 'close');
    const end = performance.now() + longestBoot;
    while (!(await this.#answers())) {
      if (child.exitCode !== null || child.signalCode !== null || performance.now() > end)
        throw new Error(`${this.name} does not begin:\n${await this.#lastWords()}`);
      await setTimeout(200);
    }
  }

  /** The power is cut. */
  async kill(): Promise<void> {
    this.#process?.kill('SIGKILL');
    await this.#gone;
  }

  /** It stands still, its clock too, as one that is moved or whose host hangs. */
  pause(): void {
    this.#process?.kill('SIGSTOP');
  }

  resume(): void {
    this.#process?.kill('SIGCONT');
  }

  /** A shell script; answers what it said, throws where one of its lines fails. */
  async run(script: string): Promise<string> {
    const {isWell, output} = await this.#tell(script, longestScript);
    if (!isWell) throw new Error(`${this.name}: ${script}\n${output}`);
    return output;
  }

  get #console(): string {
    return join(this.#rack.directory, `${this.name}.console`);
  }

  async #lastWords(): Promise<string> {
    return (await readFile(this.#console, 'utf8')).slice(-3000);
  }

  async #answers(): Promise<boolean> {
    return this.#tell('true', 2000).then(
      ({isWell}) => isWell,
      () => false,
    );
  }

  /** A connection is a shell. What it leaves running must not have its output. */
  async #tell(script: string, timeout: number): Promise<{isWell: boolean; output: string}> {
    const socket = net.connect({host: '127.0.0.1', port: this.#ports.agent});
    socket.setTimeout(timeout, () => socket.destroy(new Error(`${this.name} does not answer`)));
    socket.end(`(set -e\n${script}\n) </dev/null 2>&1\n[ $? = 0 ] && echo '${wellDone}'; exit\n`);
    const output = await text(socket);
    const end = output.lastIndexOf(wellDone);
    return {isWell: end !== -1, output: end === -1 ? output : output.slice(0, end)};
  }

  get #command(): readonly string[] {
    const {kernel, initramfs, cable} = this.#rack;
    const {number, disks = []} = this.#plan;
    const {agent, server} = this.#ports;
    const words = {
      name: this.name,
      address: this.address,
      kernel: kernel.root,
    };
    const told = Object.entries(words).map(([name, value]) => `guest_${name}=${value}`);
    const forward = (from: number, to: number) => `hostfwd=tcp:127.0.0.1:${from}-:${to}`;
    return [
      findProgram('qemu-system-x86_64') ?? '',
      ...['-accel', accelerator, '-cpu', 'max', '-smp', '1', '-m', '768'],
      ...['-nodefaults', '-display', 'none', '-serial', 'stdio', '-no-reboot'],
      ...['-kernel', kernel.image, '-initrd', initramfs],
      ...['-append', `${kernelWords} ${told.join(' ')}`],
      '-fsdev',
      'local,id=host,path=/,security_model=none,readonly=on,multidevs=remap',
      ...['-device', 'virtio-9p-pci,fsdev=host,mount_tag=host'],
      ...['-device', 'virtio-rng-pci'],
      '-netdev',
      `user,id=host,${forward(agent, agentPort)},${forward(server, serverPort)}`,
      ...['-device', 'virtio-net-pci,netdev=host,romfile='],
      ...['-netdev', `socket,id=cable,mcast=230.0.0.1:${cable},localaddr=127.0.0.1`],
      '-device',
      `virtio-net-pci,netdev=cable,romfile=,mac=52:54:00:77:00:${String(number).padStart(2, '0')}`,
      ...disks.flatMap(({file, cache = 'writeback'}, at) => [
        ...['-drive', `file=${file},if=none,id=disk${at},format=raw,cache=${cache}`],
        ...['-device', `virtio-blk-pci,drive=disk${at}`],
      ]),
    ];
  }
}
