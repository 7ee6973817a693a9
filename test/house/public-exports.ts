import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { type Node, parseFile, ROOT } from './source-tree.ts'

/** A name that the public imports, and where it is declared. */
export interface PublicExport {
  readonly name: string
  /** Relative to the repository. */
  readonly path: string
  /** The declaration as written, without docstring; every overload. */
  readonly code: string
  readonly isDocumented: boolean
}

/** Follows every export of an index file, .ts or .d.ts, to its declaration. Throws where one leads nowhere. */
export function publicExports(index: string): PublicExport[] {
  return exportsOf(index).map(({ name, path, declared }) => {
    const text = readFileSync(path, 'utf8')
    const nodes = declarationsOf(parseFile(path, text).program, declared)
    if (nodes.length === 0) throw new Error(`${relative(ROOT, path)} declares no "${declared}", exported as "${name}"`)
    return {
      name,
      path: relative(ROOT, path),
      code: nodes.map((node) => text.slice(node.start, node.end)).join('\n'),
      isDocumented: nodes.some((node) => hasDocBefore(text, node.start)),
    }
  })
}

interface Found {
  readonly name: string
  readonly path: string
  readonly declared: string
}

function exportsOf(path: string): Found[] {
  const { program } = parseFile(path, readFileSync(path, 'utf8'))
  const imported = new Map<string, { path: string; name: string }>()
  for (const node of program.body as Node[]) {
    if (node.type !== 'ImportDeclaration' || !node.source.value.startsWith('.')) continue
    for (const part of node.specifiers) {
      imported.set(part.local.name, {
        path: resolveFrom(path, node.source.value),
        name: part.imported?.name ?? 'default',
      })
    }
  }
  return (program.body as Node[]).flatMap((node) => {
    if (node.type === 'ExportAllDeclaration') return exportsOf(resolveFrom(path, node.source.value))
    if (node.type === 'ExportDefaultDeclaration') return [{ name: 'default', path, declared: 'default' }]
    if (node.type !== 'ExportNamedDeclaration') return []
    if (node.declaration) return namesOf(node.declaration).map((name) => ({ name, path, declared: name }))
    return node.specifiers.map((part: Node) => {
      const from = node.source
        ? { path: resolveFrom(path, node.source.value), name: part.local.name }
        : imported.get(part.local.name)
      return from
        ? { ...follow(from), name: part.exported.name }
        : { name: part.exported.name, path, declared: part.local.name }
    })
  })
}

/** A re-export of a re-export is followed to the end. */
function follow({ path, name }: { path: string; name: string }): Found {
  return exportsOf(path).find((found) => found.name === name) ?? { name, path, declared: name }
}

function declarationsOf(program: Node, name: string): Node[] {
  return (program.body as Node[]).filter((node) => {
    if (name === 'default' && node.type === 'ExportDefaultDeclaration') return true
    return namesOf(node.declaration ?? node).includes(name)
  })
}

function namesOf(node: Node): string[] {
  if (node.type === 'VariableDeclaration') return node.declarations.map((part: Node) => part.id.name)
  return node.id?.name ? [node.id.name] : []
}

function hasDocBefore(text: string, start: number): boolean {
  const before = text.slice(0, start).trimEnd()
  return before.endsWith('*/') && before.startsWith('/**', before.lastIndexOf('/*'))
}

function resolveFrom(from: string, written: string): string {
  const path = join(dirname(from), written)
  // The compiler leaves `.ts` in the declarations that it emits, and finds the `.d.ts` beside.
  const places = [path, path.replace(/\.[jt]s$/, '.d.ts')]
  const found = places.find((place) => existsSync(place))
  if (!found) throw new Error(`${relative(ROOT, from)} exports from "${written}", which does not exist`)
  return found
}
