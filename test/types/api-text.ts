import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { publicExports } from '../house/public-exports.ts'
import { ROOT } from '../house/source-tree.ts'

export const API_FILE = join(ROOT, 'test', 'types', 'api.txt')

/** Every public export as the build declares it, by entry point and name, docstrings left out. */
export function apiText(): string {
  const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const doors = Object.entries<{ types?: string }>(exports).flatMap(([name, { types }]) =>
    types ? [{ name, types }] : [],
  )
  return doors.map(({ name, types }) => `# redrive${name.slice(1)}\n\n${doorText(join(ROOT, types))}\n`).join('\n')
}

function doorText(index: string): string {
  if (!existsSync(index)) throw new Error(`${index} is not there: npm run setup builds it`)
  const found = publicExports(index).sort((a, b) => (a.name < b.name ? -1 : 1))
  return found
    .map(({ name, code }) => `${isNamed(code, name) ? '' : `// exported as ${name}\n`}${withoutDocs(code)}\n`)
    .join('\n')
}

function isNamed(code: string, name: string): boolean {
  return new RegExp(`\\b${name.replaceAll('$', '\\$')}\\b`).test(code)
}

function withoutDocs(code: string): string {
  return code.replace(/^[ \t]*\/\*\*[\s\S]*?\*\/[ \t]*\n/gm, '')
}
