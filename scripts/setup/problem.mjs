/** A set-up step that cannot go on: what happened, why, and what to do about it. */
export class SetupProblem extends Error {
  constructor({ what, why, fix }) {
    super(what)
    this.name = 'SetupProblem'
    this.why = why
    this.fix = fix
  }
}

const LINES_SHOWN = 5

// What npm says when the cause is known; the first pattern that fits explains it.
const NPM_CAUSES = [
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET|network/i,
    'the package registry did not answer',
    'check the network or proxy (npm ping), then run again',
  ],
  [/EINTEGRITY/, 'a downloaded package is not the one in package-lock.json', 'npm cache verify, then run again'],
  [/ENOSPC/, 'the disk is full', 'free some space, then run again'],
  [/EACCES|EPERM|EROFS/, 'node_modules cannot be written', 'give yourself write access to this folder, then run again'],
  [
    /E404|ETARGET|EBADPLATFORM/,
    'the registry has no such package for this platform',
    'install Node 24 or newer by hand (nodejs.org), then run again',
  ],
]

/** Explains npm's output. */
export function npmProblem(what, output) {
  const known = NPM_CAUSES.find(([pattern]) => pattern.test(output))
  const lines = telling(output).join('\n    ')
  return new SetupProblem({
    what,
    why: known ? `${known[1]}\n    ${lines}` : lines || 'npm said nothing',
    fix: known ? known[2] : 'read the lines above; npm install --no-save shows the whole story',
  })
}

/** The first lines that say something: npm puts code and reason first, and advice of its own last. */
function telling(output) {
  const lines = output.split('\n').map((line) => line.replace(/^npm (error|warn) ?/, '').trim())
  return lines
    .filter((line) => line && !/complete log of this run|Unknown user config/.test(line))
    .slice(0, LINES_SHOWN)
}
