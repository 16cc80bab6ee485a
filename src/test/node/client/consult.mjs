// Drives a phone-opus launcher with the official TypeScript client and prints one line of JSON.
//
//   node consult.mjs LAUNCHER FOLDER
//
// FOLDER is what the consults are about. The server gets this program's own environment.

import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'

const [launcher, cwd] = process.argv.slice(2)
const report = {}

const transport = new StdioClientTransport({ command: launcher, env: { ...process.env }, cwd })
const client = new Client({ name: 'phone-opus-tests', version: '1' })
await client.connect(transport)
report.pid = transport.pid
report.server = client.getServerVersion()
report.instructions = client.getInstructions()

// Every id that the server answers, and every one it was asked under: a cancelled call gets no answer.
const answered = new Set()
const asked = []
const receive = transport.onmessage
transport.onmessage = (message, extra) => {
  if ('id' in message && !('method' in message)) answered.add(message.id)
  receive(message, extra)
}
const send = transport.send.bind(transport)
transport.send = (message, options) => {
  if (message.method === 'tools/call') asked.push(message.id)
  return send(message, options)
}

const consult = (more, options) =>
  client.callTool({ name: 'consult', arguments: { cwd, ...more } }, undefined, options)

report.tools = (await client.listTools()).tools.map(tool => tool.name)

report.porcelain = await consult({ prompt: 'What is wrong here?' })
report.json = await consult({ prompt: 'What else?', render: 'json', session_id: randomUUID() })
report.refused = await consult({ prompt: '  ', render: 'json' })

const progress = []
report.slow = await consult({ prompt: 'Please wait.' }, {
  onprogress: event => {
    progress.push(event)
    fs.writeFileSync(path.join(cwd, 'release'), '')
  },
})
report.progress = progress

const stop = new AbortController()
report.cancelled = await consult({ prompt: 'Please hang.' }, {
  signal: stop.signal,
  onprogress: () => stop.abort('stopped by the user'),
}).then(() => 'answered', error => String(error?.message ?? error))
const cancelledId = asked.at(-1)
report.afterCancel = await consult({ prompt: 'Are you still there?' })
report.cancelledWasAnswered = answered.has(cancelledId)

report.unknownTool = await client.callTool({ name: 'no_such_tool', arguments: {} })
  .then(result => ({ isError: result.isError }), error => ({ code: error.code, message: error.message }))

const closing = Date.now()
await client.close()
report.closedAfterMs = Date.now() - closing

console.log(JSON.stringify(report))
