import type { Command } from '../command.ts'

export const serveCommand: Command = {
  args: [],
  summary: 'serve the page and the HTTP API: runs as they go, searches, data, recognition',
  flags: [
    { flags: '--port <n>', text: 'where to listen; 0 takes any that is free (default: 4600)' },
    {
      flags: '--host <address>',
      text: 'whom to listen to: 127.0.0.1 is this machine alone, 0.0.0.0 everybody',
    },
    { flags: '--name <names>', text: 'names under which it is reached, with commas between' },
    { flags: '--runs <dir>', text: 'the directory of runs, searches and studies (default: runs)' },
    {
      flags: '--model <file>',
      text: 'weights or a run to recognize with (default: the network that comes with the package)',
    },
    { flags: '--data <source>', text: 'a dataset to show beside those on this machine' },
    {
      flags: '--concurrency <n>',
      text: 'pictures and other requests that are worked on at once (default: 64)',
    },
    { flags: '--rate <n>', text: 'most requests a second from one address (default: any number)' },
    { flags: '--time-limit <seconds>', text: 'most that one answer may take (default: 30)' },
    { flags: '--max-bytes <n>', text: 'most bytes of a request (default: 16777216)' },
    { flags: '--max-pixels <n>', text: 'most pixels of a picture (default: 50000000)' },
  ],
  load: () => import('./serve.run.ts'),
}
