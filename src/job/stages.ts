import type { Context } from '../model/context.ts'
import type { Duration } from '../model/duration.ts'
import type { Policy } from '../model/policy.ts'
import type { Schema } from '../model/schema.ts'

/** Given to a stage: what the stages before it answered, by name. */
export interface StageContext<Results, Dependency extends string> extends Context<Dependency> {
  readonly prev: Results
}
/** One stage: `schema` checks and shapes the item from here on, `run` acts on it; one of the two, or both. Write `run` before `undo`. */
export interface StageOptions<Checked, Results, Result, Dependency extends string> {
  schema?: Schema<any, Checked>
  run?: (item: Checked, ctx: StageContext<Results, Dependency>) => Result | Promise<Result>
  /** Gets what `run` answered. Retried by policy (default `recoverable`, 25 in all); then `compensation_failed`, which raises an event. */
  undo?: (result: Result, ctx: StageContext<Results, Dependency>) => unknown
  policy?: Policy
  /** Per attempt. */
  timeout?: Duration
  /** After this stage the item only goes forward: no undo. Default false. */
  pivot?: boolean
}
/** Finished stages: the item they start from and the dependencies they call. */
export interface StageList<First, Dependency extends string> {
  /** Phantom: never present at run time. */
  readonly '~starts'?: ((item: First, dependency: (name: Dependency) => void) => void) | undefined
}
/** Stages in order. `Item` is what the next one gets, `Results` what the ones so far answered. */
export interface Stages<First, Item, Results, Dependency extends string> extends StageList<First, Dependency> {
  /** Adds a stage. Without `run` it answers the checked item. */
  stage<Name extends string, Checked = Item, Result = Checked>(
    name: Fresh<Name, Results>,
    options: StageOptions<Checked, Results, Result, Dependency>,
  ): Stages<First, Checked, Show<Results & { [Stage in Name]: Result }>, Dependency>
}
/** A name not yet taken. */
export type Fresh<Name, Results> = Name extends keyof Results ? 'a stage of this name exists already' : Name
/** Shows an intersection as one object. */
export type Show<Value> = { [Field in keyof Value]: Value[Field] } & {}

/** Stages apart from their job, for a file of their own. Name the dependencies they call. A job with stages is refused at its start until they are built (RD-1902). */
export function stages<Item, Dependency extends string = never>(): Stages<Item, Item, {}, Dependency> {
  const list: Stages<never, never, never, never> = { stage: () => list as never }
  return list as unknown as Stages<Item, Item, {}, Dependency>
}
