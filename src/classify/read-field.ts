/** A field of any value, read once; undefined when there is none or reading it throws. */
export function readField(value: unknown, field: string): unknown {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return undefined
  try {
    return (value as { readonly [field: string]: unknown })[field]
  } catch {
    return undefined
  }
}

/** Names of own properties; undefined when they can't be listed. */
export function ownKeys(value: object): readonly string[] | undefined {
  try {
    return Object.getOwnPropertyNames(value)
  } catch {
    return undefined
  }
}

/** An own field that is plain data; undefined when there is none or a getter would make it. */
export function readDataField(value: unknown, field: string): unknown {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return undefined
  try {
    return Object.getOwnPropertyDescriptor(value, field)?.value
  } catch {
    return undefined
  }
}

/** Reads an object that was thrown. A field that can't be there isn't asked for: most errors have two fields. */
export interface Fields {
  readonly own: readonly string[]
  read(field: string): unknown
  /** Plain data only: runs no getter, so it may be read again. */
  data(field: string): unknown
}

/** `isPlain`: the prototype is a built-in one, so that only own fields count. */
export function fieldsOf(value: object, own: readonly string[] | undefined, isPlain: boolean): Fields {
  const mayHave = (field: string) => !isPlain || !own || own.includes(field)
  return {
    own: own ?? [],
    read: (field) => (mayHave(field) ? readField(value, field) : undefined),
    data: (field) => (mayHave(field) ? readDataField(value, field) : undefined),
  }
}
