/**
 * No registry at all: it answers what the clients ask, keeps nothing but sizes and manifests, and looks at no
 * byte of a layer. What the clients reach with it is what they could reach at most.
 *
 * `node null-server.ts PORT [CERTIFICATE KEY]`
 */
import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {createServer as createPlainServer, type Socket} from 'node:net';
import {createServer as createTlsServer} from 'node:tls';

const [port, certificate, key] = process.argv.slice(2);
const piece = Buffer.alloc(2 ** 20);

/** What answers a request line, until it is replaced. */
const answers = new Map<string, Buffer>();
const sizes = new Map<string, number>();
const received = new Map<string, number>();
const names = {tags: new Set<string>(), repositories: new Set<string>()};
let uploads = 0;

answers.set('GET /v2/', answer(200, {}, '{}'));

function answer(status: number, headers: Record<string, string | number>, body = ''): Buffer {
  const all = {'Content-Length': Buffer.byteLength(body), ...headers};
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`HTTP/1.1 ${status} -\r\n${lines.join('')}\r\n${body}`);
}

function serve(socket: Socket): void {
  let head = '';
  /** Of the request's body. */
  let left = 0;
  let target = '';
  let body: Buffer[] = [];

  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes: Buffer) => {
    let rest = bytes;
    if (left === 0) {
      head += rest.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end === -1) return;
      const taken = end + 4 - (head.length - rest.length);
      target = head.slice(0, head.indexOf(' HTTP/1.1'));
      left = Number(/\r\ncontent-length: (\d+)/i.exec(head.slice(0, end))?.[1] ?? 0);
      head = '';
      body = [];
      rest = rest.subarray(taken);
      if (left > 0 && target.startsWith('PATCH')) count(target, left);
    }
    left -= rest.length;
    if (rest.length > 0 && !target.startsWith('PATCH')) body.push(rest);
    if (left <= 0) respond(socket, target, body);
  });
}

function count(target: string, bytes: number): void {
  const upload = target.slice(target.lastIndexOf('/') + 1);
  received.set(upload, (received.get(upload) ?? 0) + bytes);
}

function respond(socket: Socket, target: string, body: readonly Buffer[]): void {
  const ready = answers.get(target);
  if (ready !== undefined) {
    socket.write(ready);
    return;
  }
  const [method = '', path = ''] = target.split(' ');
  const blob = /^(\/v2\/.+\/blobs\/)(?:uploads\/)?([^/?]*)/.exec(path);
  const size = blob === null ? undefined : sizes.get(`${blob[1] ?? ''}${blob[2] ?? ''}`);
  if (method === 'POST') {
    socket.write(answer(202, {Location: `${path}${String((uploads += 1))}`}));
  } else if (method === 'PATCH') {
    socket.write(answer(202, {Location: path}));
  } else if (method === 'PUT' && blob !== null) {
    const digest = decodeURIComponent(/digest=([^&]+)/.exec(path)?.[1] ?? '');
    const bytes = received.get(blob[2] ?? '') ?? 0;
    sizes.set(`${blob[1] ?? ''}${digest}`, bytes);
    answers.set(`HEAD ${blob[1] ?? ''}${digest}`, answer(200, {'Content-Length': bytes}));
    socket.write(answer(201, {}));
  } else if (method === 'PUT') {
    keepManifest(path, Buffer.concat(body).toString());
    socket.write(answer(201, {}));
  } else if (method === 'GET' && size !== undefined) {
    void sendBlob(socket, size);
  } else if (method === 'GET' && /\/tags\/list|\/_catalog/.test(path)) {
    const list = path.includes('_catalog')
      ? {repositories: [...names.repositories].sort()}
      : {name: 'null', tags: [...names.tags].sort()};
    answers.set(target, answer(200, {}, JSON.stringify(list)));
    respond(socket, target, body);
  } else {
    socket.write(answer(404, {}));
  }
}

function keepManifest(path: string, text: string): void {
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  const tag = path.slice(path.lastIndexOf('/') + 1);
  const repository = path.slice('/v2/'.length, path.lastIndexOf('/manifests/'));
  names.tags.add(tag);
  names.repositories.add(repository);
  for (const reference of [tag, digest]) {
    const headers = {'Content-Type': 'application/vnd.oci.image.manifest.v1+json'};
    const at = `/v2/${repository}/manifests/${reference}`;
    answers.set(`GET ${at}`, answer(200, headers, text));
    answers.set(`HEAD ${at}`, answer(200, {...headers, 'Content-Length': text.length}));
  }
}

async function sendBlob(socket: Socket, size: number): Promise<void> {
  socket.write(answer(200, {'Content-Length': size}));
  for (let left = size; left > 0 && !socket.destroyed; left -= piece.length) {
    const flowing = socket.write(left < piece.length ? piece.subarray(0, left) : piece);
    if (!flowing) await new Promise((resolve) => socket.once('drain', resolve));
  }
}

const server =
  certificate === undefined || key === undefined
    ? createPlainServer({highWaterMark: piece.length}, serve)
    : createTlsServer({cert: readFileSync(certificate), key: readFileSync(key)}, serve);
server.listen(Number(port), '127.0.0.1');
