import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseAst } from 'vitest/node'

/** A file as the tidy tests see it. Paths are relative to `src/`, with `/`. */
export interface SourceFile {
  readonly path: string
  readonly text: string
  readonly program: Node
  /** Everything imported or re-exported, in types and `import()` too: as written, and as a path when relative. */
  readonly imports: readonly { readonly written: string; readonly path?: string; readonly line: number }[]
}

/** A syntax node: what the walks below need of it. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  // The shape depends on `type`, and each rule looks at its own few.
  readonly [field: string]: any
}

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** Every TypeScript file under `folder`, parsed. */
export function readTree(folder = join(ROOT, 'src')): SourceFile[] {
  return listFiles(folder)
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .map((path) => parseFile(relative(folder, path).split('\\').join('/'), readFileSync(path, 'utf8')))
}

/** Parses one file; throws with its path when it is no TypeScript. */
export function parseFile(path: string, text: string): SourceFile {
  const program = parseAst(text, { lang: 'ts' }, path) as unknown as Node
  const imports = [...walk(program)].flatMap((node) => {
    const written = importOf(node)
    if (written === undefined) return []
    const line = lineAt(text, node.start)
    return [
      written.startsWith('.') ? { written, line, path: posix.join(posix.dirname(path), written) } : { written, line },
    ]
  })
  return { path, text, program, imports }
}

/** All nodes, parents before children. */
export function* walk(node: Node): Generator<Node> {
  yield node
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child?.type === 'string') yield* walk(child as Node)
    }
  }
}

export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

export function isTest(path: string): boolean {
  return /\.(test|fixture)\.ts$/.test(path)
}

export function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? listFiles(path) : [path]
  })
}

function importOf(node: Node): string | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return literal(node.source ?? node.argument)
    case 'TSExternalModuleReference':
      return literal(node.expression)
    default:
      return undefined
  }
}

function literal(node: Node | null | undefined): string | undefined {
  const value = node?.type === 'TSLiteralType' ? node.literal.value : node?.value
  return typeof value === 'string' ? value : undefined
}
