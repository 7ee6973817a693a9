import { main } from './main.ts'

// The command line as a process of its own, from its sources: what bin/redrive.js does once they are built.
process.exit(await main(process.argv.slice(2)))
