import { readFileSync, writeFileSync } from 'node:fs'
import type { Results } from './results.ts'
import { resultsMarkdown } from './results-markdown.ts'

const FROM = '<!-- results: written by npm run bench -->'
const TO = '<!-- end of results -->'

/** Puts the results between the two marks of a Markdown page. Throws when the page has no marks. */
export function fillPage(path: string, results: Results): void {
  const page = readFileSync(path, 'utf8')
  const [from, to] = [page.indexOf(FROM), page.indexOf(TO)]
  if (from === -1 || to < from)
    throw new Error(`${path} has no place for results: "${FROM}" and "${TO}" on lines of their own`)
  writeFileSync(path, `${page.slice(0, from + FROM.length)}\n${resultsMarkdown(results)}${page.slice(to)}`)
}
