/** How the servers of these tests are set up. */
export const serverConfig = (dataDir: string): object => ({
  dataDir,
  tls: {mode: 'off'},
  auth: {mode: 'none'},
  http: {listen: ['127.0.0.1:0']},
  log: {format: 'json'},
  ui: {enabled: false},
});
