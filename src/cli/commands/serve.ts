import type { Command } from '../command.ts'

export const serveCommand: Command = {
  args: [],
  summary: 'serve the page and the HTTP API: live runs, searches, data, recognition',
  flags: [
    { flags: '--port <n>', text: 'port to listen on; 0 picks a free one (default: 4600)' },
    {
      flags: '--host <address>',
      text: 'address to bind: 127.0.0.1 is this machine only, 0.0.0.0 every interface',
    },
    { flags: '--name <names>', text: 'host names under which it is reached, comma-separated' },
    { flags: '--runs <dir>', text: 'the directory of runs, searches and studies (default: runs)' },
    {
      flags: '--model <file>',
      text: 'weights file or run to use (default: the network that comes with the package)',
    },
    { flags: '--data <source>', text: 'a dataset to offer besides those on this machine' },
    {
      flags: '--concurrency <n>',
      text: 'requests processed at once (default: 64)',
    },
    { flags: '--rate <n>', text: 'maximum requests per second from one address (default: unlimited)' },
    { flags: '--time-limit <seconds>', text: 'maximum time for one response (default: 30)' },
    { flags: '--max-bytes <n>', text: 'maximum bytes of a request (default: 16777216)' },
    { flags: '--max-pixels <n>', text: 'maximum pixels of a picture (default: 50000000)' },
  ],
  load: () => import('./serve.run.ts'),
}
