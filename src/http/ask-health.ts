/** Asks a server of this very process whether it answers, as a client would. */
import http from 'node:http';
import https from 'node:https';

const loopback: Readonly<Record<string, string>> = {'0.0.0.0': '127.0.0.1', '[::]': '[::1]'};

/** Rejects unless `/healthz` there answers 200 within so many milliseconds. The certificate is our own: it is not looked at, and nothing is told. */
export async function askHealth(url: string, patience: number): Promise<void> {
  const asked = new URL('/healthz', url);
  asked.hostname = loopback[asked.hostname] ?? asked.hostname;
  const options = {
    agent: false,
    signal: AbortSignal.timeout(patience),
    headers: {'User-Agent': 'holdfast-watchdog'},
  };
  const status = await new Promise((resolve, reject) => {
    const request =
      asked.protocol === 'https:'
        ? https.get(asked, {...options, rejectUnauthorized: false})
        : http.get(asked, options);
    request.once('error', reject);
    request.once('response', (response) => {
      response.resume();
      resolve(response.statusCode);
    });
  });
  if (status !== 200) throw new Error(`${asked.href} answered ${String(status)}`);
}
