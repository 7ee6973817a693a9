import type { Context } from '../model/context.ts'
import type { Duration, Rate } from '../model/duration.ts'
import type { DependencyOptions, Policy, StopWhen } from '../model/policy.ts'
import type { Report } from '../model/report.ts'
import type { Rule } from '../model/rule.ts'
import type { Source } from '../model/source.ts'
import type { StageList, Stages } from './stages.ts'

/** Dotted path of a field: `'card.number'`; `*` for the elements of a list: `'lines.*.sku'`. At most 4 deep; below `unknown` nothing is known. */
export type Path<Value, Depth extends 1[] = []> = unknown extends Value
  ? Depth['length'] extends 0
    ? string
    : never
  : Depth['length'] extends 4
    ? never
    : Value extends
          | string
          | number
          | boolean
          | bigint
          | symbol
          | null
          | undefined
          | Date
          | Uint8Array
          | ((...args: never) => unknown)
      ? never
      : Value extends readonly (infer Element)[]
        ? '*' | `*.${Path<Element, [...Depth, 1]>}`
        : {
            [Field in keyof Value & string]: Field | `${Field}.${Path<NonNullable<Value[Field]>, [...Depth, 1]>}`
          }[keyof Value & string]

/** What a job is, but for what it runs. */
export interface JobOptions<Item, Payload, Dependency extends string> {
  /** Unique in its ledger. */
  name: string
  source: Source<Item, Payload> | AsyncIterable<Item>
  /** Items at once. Default 16. */
  concurrency?: number
  /** Per attempt. Default `'30s'`. */
  timeout?: Duration
  /** Per batch. Default: none. */
  deadline?: Duration
  stopWhen?: StopWhen
  dependencies?: { [Name in Dependency]: DependencyOptions<Item> }
  policy?: Policy
  rules?: readonly Rule[]
  /** Keep a row for each success, or its result too. Default: ranges only. */
  keep?: 'items' | 'results'
  /** Later items of a key wait behind its dead letter. Default: no order. */
  order?: 'per-key'
  /** Default `'run'`. */
  duplicates?: 'run' | 'skip' | 'quarantine'
  /** Default: in this process. */
  isolate?: 'thread' | 'process'
  /** `'each'`: a commit per item. Default: in groups of at most 2 ms. */
  durability?: 'each'
  /** Items waiting or held at once. Default 10000. */
  parked?: number
  /** Encrypted one by one; a key is required. */
  secret?: readonly NoInfer<Path<Item> | Path<Payload>>[]
  /** Searchable as `field.NAME`. */
  index?: readonly NoInfer<Path<Item> | Path<Payload>>[]
  /** Runs once, when the batch has ended. */
  onComplete?: (report: Report) => unknown
}
/** A job that runs a handler. */
export interface WithRun<Item, Dependency extends string> {
  run: (item: Item, ctx: Context<NoInfer<Dependency>>) => unknown
  stages?: never
}
/** A job that runs stages: built here from the first (`(s) => s.stage(…)`), or apart. */
export interface WithStages<Item, Dependency extends string> {
  stages:
    | ((first: Stages<Item, Item, {}, Dependency>) => StageList<NoInfer<Item>, NoInfer<Dependency>>)
    | StageList<NoInfer<Item>, NoInfer<Dependency>>
  run?: never
}
/** A job: `run`, or `stages`. */
export type JobDefinition<Item, Payload, Dependency extends string> = JobOptions<Item, Payload, Dependency> &
  (WithStages<Item, Dependency> | WithRun<Item, Dependency>)

/** How to start. */
export interface StartOptions<Item> {
  /** `sqlite:PATH`, `postgres://…`, `memory:`. Default `sqlite:.redrive/ledger.db`, or `REDRIVE_STORE`. */
  store?: string
  /** Instead of the job's own. */
  source?: Source<Item, any> | AsyncIterable<Item>
  /** At most so many items. */
  limit?: number
  rate?: Rate
  /** Never resume. Default false. */
  fresh?: boolean
  /** The batch to resume. Default: the unfinished one of the same source. */
  resume?: string
  /** Resume although the source changed: what lies below the watermark is taken on trust. Default false. */
  acceptChanged?: boolean
}
