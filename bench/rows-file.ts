import { closeSync, existsSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { itemAt } from './contestant.ts'
import { workFolder } from './work-folder.ts'

const WRITTEN_TOGETHER = 10_000

/** A file of so many JSON lines of about 100 bytes, made when first asked for. */
export function rowsFile(count: number): string {
  const path = join(workFolder(), `rows-${count}.jsonl`)
  if (existsSync(path)) return path
  const file = openSync(path, 'w')
  for (let from = 0; from < count; from += WRITTEN_TOGETHER) {
    const length = Math.min(WRITTEN_TOGETHER, count - from)
    writeSync(file, Array.from({ length }, (_, at) => `${JSON.stringify(itemAt(from + at))}\n`).join(''))
  }
  closeSync(file)
  return path
}
