#!/usr/bin/env node
// Plain JavaScript that Node 18 reads. On Node 24 and newer it is one import; on an older one it looks for a
// newer runtime beside this package and runs itself with it. Nothing else is loaded on the good path.
const NODE_MAJOR = 24

if (Number.parseInt(process.versions.node, 10) >= NODE_MAJOR) {
  process.getBuiltinModule('node:module').enableCompileCache?.()
  const { main } = await import('../dist/cli/main.js')
  // Said and flushed by now: a handler that never settles, or a pool left open, must not keep the process.
  process.exit(await main(process.argv.slice(2)))
} else {
  const { runWithNewerNode } = await import('./older-node.js')
  await runWithNewerNode(NODE_MAJOR)
}
