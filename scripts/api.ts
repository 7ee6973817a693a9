// Writes the public face as one text (test/types/api.txt), so that a change of it shows in a review. The test beside it compares.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { API_FILE, apiText } from '../test/types/api-text.ts'

writeFileSync(API_FILE, apiText())
console.log(`written: ${join('test', 'types', 'api.txt')}`)
