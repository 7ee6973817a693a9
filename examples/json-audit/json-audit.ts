import { files, job } from 'redrive'

export default job({
  name: 'json-audit',
  source: files(process.env.JSON_AUDIT_GLOB ?? 'node_modules/**/*.json'),
  concurrency: 32,
  // A page that came instead of JSON can be worth a retry on the network; on the disk it stays what it is.
  policy: { parsing: 'quarantine' },
  run: async (file) => JSON.parse(await file.text()),
})
