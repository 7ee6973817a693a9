// `npm audit` of what users install. A registry that cannot be asked is said aloud (exit code 77), not taken for a clean one.
import { spawnSync } from 'node:child_process'

const UNREACHED = 77
const { stdout, stderr } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { encoding: 'utf8', timeout: 50_000 })
const found = counts(stdout)

if (!found) {
  console.log(
    `the registry did not answer the audit: nothing is known\n  ${(stderr || stdout || '').trim().slice(0, 400)}`,
  )
  process.exitCode = UNREACHED
} else {
  const bad = (found.high ?? 0) + (found.critical ?? 0)
  console.log(`${found.total ?? 0} known weaknesses in what users install, ${bad} of them high or critical`)
  process.exitCode = bad === 0 ? 0 : 1
}

function counts(text) {
  try {
    return JSON.parse(text).metadata?.vulnerabilities
  } catch {
    return undefined
  }
}
