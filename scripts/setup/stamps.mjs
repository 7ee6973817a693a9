import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The text of a file, or undefined when it cannot be read. */
export function readText(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** Hash of what is to be installed. */
export function lockHash(root) {
  return hash([readText(join(root, 'package-lock.json')) ?? ''])
}

/** Hash of what the build is made from: sources without their tests, compiler settings, compiler. */
export function sourceHash(root) {
  const sources = listFiles(join(root, 'src'))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .sort()
  const settings = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json'].map((name) => join(root, name))
  return hash([...settings, ...sources].flatMap((path) => [path.slice(root.length), readText(path) ?? '']))
}

/**
 * Whether node_modules already holds what the lockfile says, as npm itself recorded it: someone ran npm ci by hand.
 * What is optional may be absent (other platforms); what is there must be of the locked version.
 */
export function isInstalled(root) {
  const wanted = packagesOf(join(root, 'package-lock.json'))
  const found = packagesOf(join(root, 'node_modules', '.package-lock.json'))
  if (!wanted || !found) return false
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true
    const there = found[path]
    const isThere = there && existsSync(join(root, path, 'package.json'))
    return isThere ? there.version === entry.version : Boolean(entry.optional || entry.devOptional)
  })
}

function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages
  } catch {
    return undefined
  }
}

function listFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? listFiles(path) : [path]
  })
}

function hash(parts) {
  const sum = createHash('sha256')
  for (const part of parts) sum.update(part).update('\0')
  return sum.digest('hex')
}
