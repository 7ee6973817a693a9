import { dispositions, errorTypes } from '../model/classification.ts'
import { parseRate } from '../model/duration.ts'
import type { ErrorCode } from '../model/error-table.ts'
import { parsePath } from '../model/paths.ts'
import type { DependencyOptions, Policy, StopWhen } from '../model/policy.ts'
import { RedriveError } from '../model/redrive-error.ts'
import type { Rule } from '../model/rule.ts'
import { resolveBreaker } from '../policy/breaker-options.ts'
import { invalid, readDuration, readFields, readName, readNumber } from '../policy/check-options.ts'
import { resolvePolicy } from '../policy/resolve-policy.ts'
import { createStopLimits } from '../policy/stop-limits.ts'
import type { CheckedDependency, CheckedJob } from './checked-job.ts'
import type { JobDefinition } from './definition.ts'

const optionNames = [
  'name',
  'source',
  'run',
  'stages',
  'concurrency',
  'timeout',
  'deadline',
  'stopWhen',
  'dependencies',
  'policy',
  'rules',
  'keep',
  'order',
  'duplicates',
  'isolate',
  'durability',
  'parked',
  'secret',
  'index',
  'onComplete',
] as const
const dependencyNames = ['breaker', 'budget', 'concurrency', 'rate', 'timeout', 'tenant'] as const
const matchNames = ['code', 'name', 'status', 'message', 'dependency', 'stage', 'when'] as const
const verdictNames = ['type', 'disposition', 'severity', 'recommended'] as const

/** What a later version brings: refused by its code, never ignored. */
const notBuilt: { readonly [option: string]: ErrorCode } = { stages: 'RD-1902', isolate: 'RD-1903', order: 'RD-1904' }

/** Checks every option of a job and resolves it. Throws RD-1101 for a value, RD-1102 for a name, RD-19xx for what isn't built yet; each says where, and the fix. */
export function checkJob(definition: JobDefinition<any, any, string>): CheckedJob {
  const given = readFields(definition, 'job', optionNames)
  for (const [option, code] of Object.entries(notBuilt)) {
    if (given.has(option)) throw new RedriveError(code, { what: `job.${option} is not built yet` })
  }
  const concurrency = given.has('concurrency')
    ? readNumber(given.get('concurrency'), 'job.concurrency', { min: 1, max: 10_000, isWhole: true })
    : 16
  const deadlineMs = optional(given.get('deadline'), (value) => readDuration(value, 'job.deadline'))
  const keep = optional(given.get('keep'), (value) => readName(value, 'job.keep', ['items', 'results'] as const))
  const onComplete = optional(given.get('onComplete'), (value) => readFunction(value, 'job.onComplete'))
  const stopWhen = (given.get('stopWhen') ?? {}) as StopWhen
  createStopLimits(stopWhen)
  return {
    name: readJobName(given.get('name')),
    concurrency,
    timeoutMs: optional(given.get('timeout'), (value) => readTimeout(value, 'job.timeout')) ?? 30_000,
    ...(deadlineMs !== undefined && { deadlineMs }),
    stopWhen,
    dependencies: readDependencies(given.get('dependencies')),
    policy: resolvePolicy(refuseCompensate(given.get('policy') as Policy | undefined)),
    rules: readRules(given.get('rules')),
    ...(keep && { keep }),
    duplicates:
      optional(given.get('duplicates'), (value) =>
        readName(value, 'job.duplicates', ['run', 'skip', 'quarantine'] as const),
      ) ?? 'run',
    each: given.has('durability') && readName(given.get('durability'), 'job.durability', ['each']) === 'each',
    parked:
      optional(given.get('parked'), (value) =>
        readNumber(value, 'job.parked', { min: 1, max: 10_000_000, isWhole: true }),
      ) ?? 10_000,
    secret: readPaths(given.get('secret'), 'job.secret'),
    index: readPaths(given.get('index'), 'job.index'),
    ...(onComplete && { onComplete: onComplete as NonNullable<CheckedJob['onComplete']> }),
    run: readFunction(given.get('run'), 'job.run') as CheckedJob['run'],
  }
}

function optional<Value>(value: unknown, read: (value: unknown) => Value): Value | undefined {
  return value === undefined ? undefined : read(value)
}

function readJobName(value: unknown): string {
  if (typeof value === 'string' && /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,99}$/u.test(value)) return value
  throw invalid('job.name', value, {
    expected: 'a name of 1 to 100 letters, digits, blanks, dots, dashes',
    fix: "Give the job a name: name: 'orders'.",
  })
}

function readTimeout(value: unknown, path: string): number {
  const ms = readDuration(value, path)
  if (ms >= 1 && ms <= 86_400_000) return ms
  throw invalid(path, value, {
    expected: 'from 1ms to 1d',
    fix: `Set ${path} to what one attempt may take at most: '30s'.`,
  })
}

function readFunction(value: unknown, path: string): (...args: never) => unknown {
  if (typeof value === 'function') return value as (...args: never) => unknown
  throw invalid(path, value, { expected: 'a function', fix: `Give ${path} a function: (item, ctx) => …` })
}

function readDependencies(value: unknown): ReadonlyMap<string, CheckedDependency> {
  const checked = new Map<string, CheckedDependency>()
  if (value === undefined) return checked
  if (typeof value !== 'object' || value === null)
    throw invalid('job.dependencies', value, {
      expected: 'an object',
      fix: "Write dependencies: { 'orders-api': {} }.",
    })
  for (const [name, options] of Object.entries(value)) checked.set(name, readDependency(name, options))
  return checked
}

function readDependency(name: string, options: DependencyOptions<unknown>): CheckedDependency {
  const path = `job.dependencies.${name}`
  const given = readFields(options, path, dependencyNames)
  if (given.has('budget')) throw new RedriveError('RD-1905', { what: `${path}.budget is not built yet` })
  if (given.has('tenant')) throw new RedriveError('RD-1906', { what: `${path}.tenant is not built yet` })
  const breaker = options.breaker === false ? false : (options.breaker ?? {})
  if (breaker !== false) resolveBreaker(breaker, `${path}.breaker`)
  const concurrency = optional(given.get('concurrency'), (value) =>
    readNumber(value, `${path}.concurrency`, { min: 1, max: 100_000, isWhole: true }),
  )
  const ratePerMs = optional(given.get('rate'), (value) => readRate(value, `${path}.rate`))
  const timeoutMs = optional(given.get('timeout'), (value) => readTimeout(value, `${path}.timeout`))
  return {
    name,
    breaker,
    ...(concurrency !== undefined && { concurrency }),
    ...(ratePerMs !== undefined && { ratePerMs }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  }
}

/** Events per millisecond. */
export function readRate(value: unknown, path: string): number {
  const perMs = typeof value === 'string' ? parseRate(value) : undefined
  if (perMs !== undefined) return perMs
  throw invalid(path, value, { expected: 'a rate', fix: `Write ${path} as a number per s, m or h: '50/s'.` })
}

function refuseCompensate(policy: Policy | undefined): Policy | undefined {
  for (const [kind, verdict] of Object.entries(policy ?? {})) {
    if (verdict === 'compensate')
      throw new RedriveError('RD-1909', { what: `policy.${kind}: 'compensate' is not built yet` })
  }
  return policy
}

function readRules(value: unknown): readonly Rule[] {
  if (value === undefined) return []
  if (!Array.isArray(value))
    throw invalid('job.rules', value, {
      expected: 'a list of rules',
      fix: 'Write rules: [rule({ code: … }, { type: … })].',
    })
  for (const [i, rule] of (value as Rule[]).entries()) checkRule(rule, `job.rules[${i}]`)
  return value as Rule[]
}

function checkRule(rule: Rule, path: string): void {
  const given = readFields(rule, path, ['match', 'verdict'])
  const match = readFields(given.get('match'), `${path}.match`, matchNames)
  if (match.size === 0)
    throw invalid(`${path}.match`, rule.match, {
      expected: 'a match that says something',
      fix: "Name what it is for: { code: 'OUT_OF_STOCK' }.",
    })
  if (match.has('when')) readFunction(match.get('when'), `${path}.match.when`)
  const message = match.get('message')
  if (message !== undefined && typeof message !== 'string' && !(message instanceof RegExp)) {
    throw invalid(`${path}.match.message`, message, {
      expected: 'a text or a pattern',
      fix: 'Give a text that is contained, or a regular expression.',
    })
  }
  const verdict = readFields(given.get('verdict'), `${path}.verdict`, verdictNames)
  if (verdict.has('type')) readName(verdict.get('type'), `${path}.verdict.type`, errorTypes)
  if (verdict.has('disposition')) readName(verdict.get('disposition'), `${path}.verdict.disposition`, dispositions)
  if (verdict.has('severity'))
    readName(verdict.get('severity'), `${path}.verdict.severity`, ['info', 'warning', 'error', 'critical'])
}

function readPaths(value: unknown, name: string): readonly string[] {
  if (value === undefined) return []
  if (!Array.isArray(value))
    throw invalid(name, value, { expected: 'a list of paths', fix: `Write ${name}: ['card.number'].` })
  for (const [i, path] of (value as unknown[]).entries()) {
    if (typeof path !== 'string')
      throw invalid(`${name}[${i}]`, path, { expected: 'a path', fix: "Write it dotted: 'card.number'." })
    const parsed = parsePath(path)
    if (!parsed.ok) throw new RedriveError('RD-1101', { what: `${name}[${i}] is no path: ${parsed.why}` })
  }
  return value as string[]
}
