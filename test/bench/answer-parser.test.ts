import test from 'ava';
import {AnswerParser} from '../../bench/client/answer-parser.ts';

const answers = [
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nLocation: /a\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n',
  'HTTP/1.1 204 No Content\r\nX: y\r\n\r\n',
].join('');

test('answers are read whole, wherever the network cuts them', (t) => {
  for (let size = 1; size <= answers.length; size += 1) {
    const read: string[] = [];
    let body = '';
    const parser = new AnswerParser(
      (bytes) => (body += bytes.toString()),
      ({status, headers}) => {
        read.push(`${status} ${body} ${headers.get('location') ?? ''}`.trim());
        body = '';
      },
    );
    const bytes = Buffer.from(answers);
    for (let at = 0; at < bytes.length; at += size) parser.feed(bytes.subarray(at, at + size));
    t.deepEqual(read, ['200 hello', '201  /a', '200 hello', '204'], `in pieces of ${size}`);
  }
});

test('the answer to a HEAD ends with its head, whatever length it tells', (t) => {
  const read: number[] = [];
  const parser = new AnswerParser(
    () => t.fail('there is no body'),
    ({status}) => read.push(status),
  );
  parser.expectNoBody(true);

  parser.feed(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'));
  parser.feed(Buffer.from('HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\n'));

  t.deepEqual(read, [200, 404]);
});
