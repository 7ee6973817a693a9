import type { Disposition, ErrorType, Severity } from '../model/classification.ts'

/** What to do about an error of a type, for a person: one sentence in the imperative. */
const byType: { readonly [Type in ErrorType]: string } = {
  network: 'Check that the service can be reached; the retry waits.',
  timeout: 'Raise the timeout or find what is slow; the retry waits.',
  filesystem: 'Check the path, its rights and the disk, then retry.',
  memory: 'Make the item smaller or give the process more memory, then retry.',
  validation: 'Correct the value that is refused, then retry.',
  parsing: 'Repair the text of the item, then retry.',
  schema: 'Bring code and declared structure to the same version, then retry.',
  auth: 'Correct the credentials or rights, then retry.',
  rate_limit: 'Lower the rate or wait; the retry keeps to Retry-After.',
  conflict: 'Read the newest version of the record, then retry.',
  dependency: 'Check the health of the service; held items are released when it answers.',
  business: 'Correct the item or discard it: the domain refuses it as it is.',
  system: 'Read the stack trace and fix the program, then retry.',
  unknown: 'Read the error; a rule for it lets the next one be handled by itself.',
}
const byTypeAndDisposition: { readonly [verdict: string]: string } = {
  'network/transient': 'Nothing to do: the retry is likely to succeed.',
  'timeout/transient': 'Nothing to do: the retry is likely to succeed.',
  'dependency/transient': 'Nothing to do: the retry is likely to succeed.',
  'conflict/recoverable': 'Nothing to do: the retry runs when the other writer is done.',
  'conflict/permanent': 'The record is there already: discard the item, or change its key and retry.',
  'system/recoverable': 'Nothing to do: the retry runs with a fresh worker or connection.',
  'filesystem/recoverable': 'Close what holds the file or lower the concurrency; the retry waits.',
  'memory/fatal': 'Give the process more memory or lower the concurrency, then resume.',
  'schema/fatal': 'Run the missing migration, then resume.',
  'auth/fatal': 'Correct the credentials of the job, then resume.',
  'filesystem/fatal': 'Free the disk or make it writable, then resume.',
  'network/fatal': 'Correct address, certificate or TLS version of the host, then resume.',
}

/** The default recommendation for a verdict. */
export function adviceFor(type: ErrorType, disposition: Disposition): string {
  return byTypeAndDisposition[`${type}/${disposition}`] ?? byType[type]
}

/** What is usually done about a type of error, when a rule names the type alone. */
export const usualDispositions: { readonly [Type in ErrorType]: Disposition } = {
  network: 'transient',
  timeout: 'transient',
  filesystem: 'permanent',
  memory: 'fatal',
  validation: 'permanent',
  parsing: 'permanent',
  schema: 'fatal',
  auth: 'fatal',
  rate_limit: 'recoverable',
  conflict: 'recoverable',
  dependency: 'recoverable',
  business: 'permanent',
  system: 'permanent',
  unknown: 'recoverable',
}

/** How bad a failure is when no rule says it. */
export const usualSeverities: { readonly [Name in Disposition]: Severity } = {
  transient: 'warning',
  recoverable: 'warning',
  permanent: 'error',
  fatal: 'critical',
}
