/** A row of a table as an object of the seam: columns that are null are left out. */
export function present<Shape>(columns: { readonly [Name in keyof Shape]: Shape[Name] | null | undefined }): Shape {
  const shape: Record<string, unknown> = {}
  for (const name in columns) {
    const value: unknown = columns[name]
    if (value !== null && value !== undefined) shape[name] = value
  }
  return shape as Shape
}

/** A column's value from an optional field. */
export function orNull<Value>(value: Value | undefined): Value | null {
  return value === undefined ? null : value
}

/** JSON text of an optional field, for a column. */
export function jsonOrNull(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value)
}
