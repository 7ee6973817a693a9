import { checkpointOnly } from '../checkpoint-floor.ts'
import type { Contestant } from '../contestant.ts'
import { readGroups } from '../sqlite-floor.ts'

export const contestant: Contestant = {
  run: ({ file, folder }) => checkpointOnly(readGroups(file), folder),
}
