import { checkpointOnly } from '../checkpoint-floor.ts'
import type { Contestant } from '../contestant.ts'
import { groupsOf } from '../sqlite-floor.ts'

export const contestant: Contestant = {
  run: ({ items, folder }) => checkpointOnly(groupsOf(items), folder),
}
