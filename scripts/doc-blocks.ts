import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A fenced block of a Markdown page. Its info line reads: language, then any of `run`, `no-run`, `first`, `file=NAME`. */
export interface DocBlock {
  readonly language: string
  /** Executed with node; must exit 0. */
  readonly isRun: boolean
  /** A fragment: neither checked nor run. */
  readonly isFragment: boolean
  /** Part of the page's first example, which also runs from the packed tarball. */
  readonly isFirst: boolean
  /** Relative to the folder of the page's examples. */
  readonly fileName: string
  readonly text: string
  /** Line of its first line, from 1. */
  readonly line: number
}

/** The blocks of a page that are files: each `ts` block, and any other that names its file. */
export function docBlocks(markdown: string): DocBlock[] {
  const blocks: DocBlock[] = []
  const lines = markdown.split('\n')
  for (let at = 0; at < lines.length; at++) {
    const fence = /^(`{3,}|~{3,})\s*(\S+)?\s*(.*)$/.exec(lines[at] ?? '')
    if (!fence) continue
    const end = lines.findIndex((line, index) => index > at && line.trimEnd() === fence[1])
    if (end === -1) throw new Error(`line ${at + 1}: this fence is never closed`)
    const block = toBlock({
      info: [fence[2] ?? '', fence[3] ?? ''],
      text: `${lines.slice(at + 1, end).join('\n')}\n`,
      line: at + 2,
    })
    if (block) blocks.push(block)
    at = end
  }
  return blocks
}

/** Writes each block under its name into `folder`. */
export function writeBlocks(folder: string, blocks: readonly DocBlock[]): void {
  for (const { fileName, text } of blocks) {
    const path = join(folder, fileName)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
}

const WORDS = ['run', 'no-run', 'first']

function toBlock({ info, text, line }: { info: [string, string]; text: string; line: number }): DocBlock | undefined {
  const [language] = info
  const words = info[1].split(/\s+/).filter(Boolean)
  const named = words.find((word) => word.startsWith('file='))?.slice('file='.length)
  if (language !== 'ts' && named === undefined) return undefined
  const stranger = words.find((word) => !WORDS.includes(word) && !word.startsWith('file='))
  if (stranger !== undefined)
    throw new Error(`line ${line - 1}: "${stranger}" is none of ${WORDS.join(', ')}, file=NAME`)
  return {
    language,
    isRun: words.includes('run'),
    isFragment: words.includes('no-run'),
    isFirst: words.includes('first'),
    fileName: named ?? `example-line-${line}.ts`,
    text,
    line,
  }
}
