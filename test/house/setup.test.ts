import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ROOT } from './source-tree.ts'

// Plain JavaScript that runs before there is a compiler: it has no types to import.
const part = (name: string) => import(join(ROOT, 'scripts', 'setup', `${name}.mjs`))
const { withLock } = await part('lock')
const { npmProblem } = await part('problem')
const { needsRuntime, refuseOld } = await part('runtime')
const { isInstalled, lockHash, sourceHash } = await part('stamps')

const folder = mkdtempSync(join(tmpdir(), 'redrive-setup-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A lock that someone else left at `path`. */
function locked(name: string, owner: string, ageMs = 0): string {
  const path = join(folder, name)
  mkdirSync(path)
  writeFileSync(join(path, 'owner'), owner)
  const then = new Date(Date.now() - ageMs)
  utimesSync(path, then, then)
  return path
}

describe('the lock of the set-up', () => {
  test('lets one in at a time, and all in the end', async () => {
    let inside = 0
    const seen: number[] = []
    const work = async () => {
      seen.push(++inside)
      await new Promise((resolve) => setImmediate(resolve))
      inside--
    }
    await Promise.all([1, 2, 3].map(() => withLock(join(folder, 'shared'), work)))
    expect(seen).toEqual([1, 1, 1])
    expect(existsSync(join(folder, 'shared'))).toBe(false)
  })

  test('is given back when the work fails', async () => {
    const path = join(folder, 'failing')
    await expect(withLock(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(existsSync(path)).toBe(false)
  })

  test('is taken over at once from an owner that is dead on this machine', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', ''])
    expect(await withLock(locked('dead', `${hostname()} ${pid} 1`), () => 'mine')).toBe('mine')
  })

  test('is not taken over while a child of the dead owner still writes', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', ''])
    const path = locked('orphan', `${hostname()} ${pid} 1`)
    const orphan = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'])
    writeFileSync(join(path, 'child'), String(orphan.pid))
    const seen: string[] = []
    orphan.on('exit', () => seen.push('gone'))
    await withLock(path, () => seen.push('in'), { say: () => orphan.kill() })
    expect(seen).toEqual(['gone', 'in'])
  })

  test('is taken over from an owner elsewhere that has been silent for 30 s', async () => {
    expect(await withLock(locked('silent', 'elsewhere 1 1', 31_000), () => 'mine')).toBe('mine')
  })

  test('is not taken from an owner that lives, and had when it is free', async () => {
    const path = locked('alive', `${hostname()} ${process.pid} 1`)
    const seen: string[] = []
    const say = (line: string) => {
      seen.push(line)
      rmSync(path, { recursive: true })
    }
    await withLock(path, () => seen.push('in'), { say })
    expect(seen).toEqual([`waits for another set-up of this folder (process ${process.pid})`, 'in'])
  })
})

describe('what is installed', () => {
  const clone = join(folder, 'clone')
  mkdirSync(join(clone, 'node_modules'), { recursive: true })
  mkdirSync(join(clone, 'src'))
  const locks = (packages: object, installed: object) => {
    writeFileSync(join(clone, 'package-lock.json'), JSON.stringify({ packages }))
    writeFileSync(join(clone, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: installed }))
    return isInstalled(clone)
  }
  const a = { 'node_modules/a': { version: '1.0.0' } }
  mkdirSync(join(clone, 'node_modules', 'a'))
  writeFileSync(join(clone, 'node_modules', 'a', 'package.json'), '{}')

  const b = { 'node_modules/b': { version: '1.0.0' } }

  test.each([
    ['all of it is enough', { '': {}, ...a }, a, true],
    ['more than that is fine', a, { ...a, 'node_modules/b': { version: '1.0.0' } }, true],
    ['a missing package is not', { ...a, 'node_modules/b': { version: '1.0.0' } }, a, false],
    ['a recorded package whose folder is gone is not', b, b, false],
    ['another version is not', a, { 'node_modules/a': { version: '1.0.1' } }, false],
    [
      'the binary of another platform may be absent',
      { ...a, 'node_modules/c': { version: '1', optional: true } },
      a,
      true,
    ],
  ])('%s', (_name, wanted, found, answer) => {
    expect(locks(wanted, found)).toBe(answer)
  })

  test('changes its stamp with the lockfile, and the build its own with the sources but not with their tests', () => {
    const stamps = () => [lockHash(clone), sourceHash(clone)]
    const before = stamps()
    writeFileSync(join(clone, 'src', 'a.test.ts'), 'test()')
    expect(stamps()).toEqual(before)
    writeFileSync(join(clone, 'src', 'a.ts'), 'export const a = 1')
    expect(stamps()).toEqual([before[0], expect.not.stringMatching(before[1])])
    writeFileSync(join(clone, 'package-lock.json'), '{}')
    expect(lockHash(clone)).not.toBe(before[0])
  })
})

describe('a set-up that cannot go on', () => {
  test.each([
    ['npm error code ECONNREFUSED', /registry did not answer/],
    [
      'npm error code ETARGET\nnpm error notarget No matching version found for node-sunos-x64@24',
      /no such package for this platform/,
    ],
    ['npm error code EINTEGRITY', /not the one in package-lock\.json/],
    ['npm error code ENOSPC', /disk is full/],
  ])('says what, why and the fix: %s', (output, why) => {
    const problem = npmProblem('the packages could not be installed', output)
    expect(problem).toMatchObject({ message: 'the packages could not be installed', why: expect.stringMatching(why) })
    expect(problem.fix).toMatch(/run again/)
  })
})

describe('the runtime', () => {
  test.each([
    ['20.20.2', undefined, false],
    ['22.18.0', '3.50.2', false],
    ['24.0.0', '3.49.1', false],
    ['24.9.0', '3.51.2', false],
    ['24.9.0', '3.6.0', false],
    ['24.9.0', undefined, false],
    ['24.9.0', '3.51.3', true],
    ['24.21.0', '3.53.4', true],
    ['26.0.0', '4.0', true],
  ])('Node %s with SQLite %s is good enough: %s', (node, sqlite, isEnough) => {
    expect(needsRuntime(folder, { node, sqlite })).toBe(!isEnough)
    if (isEnough) expect(refuseOld({ node, sqlite })).toEqual({ node, sqlite })
    else
      expect(() => refuseOld({ node, sqlite })).toThrow(
        `Node ${node} with SQLite ${sqlite ?? 'missing'} cannot run redrive`,
      )
  })
})
