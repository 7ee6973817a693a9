import type { Call } from './command.ts'
import { shellWord } from './shell-word.ts'

/**
 * The command line of this call as it can be pasted into a shell, with more words behind it. Options that the words
 * give anew are left out of what was said before.
 */
export function commandAgain(
  name: string,
  { args, own }: Pick<Call, 'args' | 'own'>,
  more: readonly string[] = [],
): string {
  const words = ['redrive', ...name.split(' '), ...args]
  for (const [option, value] of Object.entries(own)) {
    const flag = `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
    if (more.includes(flag)) continue
    // Commander keeps `--no-color` as `color: false`, and true when it was not given.
    if (option === 'color' || option === 'input' || option === 'check') {
      if (value === false) words.push(`--no-${option}`)
    } else if (Array.isArray(value)) for (const one of value) words.push(flag, String(one))
    else if (value === true) words.push(flag)
    else if (value !== undefined && value !== false) words.push(flag, String(value))
  }
  return [...words, ...more].map(shellWord).join(' ')
}
