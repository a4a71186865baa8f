// A process that has the command line loaded and runs one line after another for the tests: what a line costs is its work,
// not the loading of three hundred modules. Each line gets its own arguments, directory, environment and exit code, and
// the module that is the program is evaluated anew.

const [main] = process.argv.slice(2)
const listened = ['SIGINT', 'SIGTERM']
let lines = 0

/** Takes what a stream is given from now on; returns a function that ends this and gives the text. */
function capture(stream) {
  const chunks = []
  const write = stream.write
  stream.write = (chunk, encoding, done) => {
    chunks.push(Buffer.from(chunk))
    const callback = typeof encoding === 'function' ? encoding : done
    if (callback) process.nextTick(callback)
    return true
  }
  return () => {
    stream.write = write
    stream.removeAllListeners('error')
    return Buffer.concat(chunks).toString()
  }
}

process.on('message', async ({ args, cwd, env }) => {
  for (const name of Object.keys(process.env)) delete process.env[name]
  Object.assign(process.env, env)
  process.chdir(cwd)
  process.argv = [process.execPath, main, ...args]
  process.exitCode = undefined
  const [out, err] = [capture(process.stdout), capture(process.stderr)]
  try {
    lines += 1
    await import(`file://${main}?line=${lines}`)
  } finally {
    for (const signal of listened) process.removeAllListeners(signal)
    const answer = { code: process.exitCode ?? 0, out: out(), err: err() }
    process.exitCode = undefined
    process.chdir('/')
    process.send(answer)
  }
})
process.on('disconnect', () => process.exit())
