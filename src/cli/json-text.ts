/**
 * JSON for standard output. What a terminal would act on and JSON leaves as it is (C1 controls, line separators, marks
 * that turn the direction of writing) is written as \uXXXX: the same JSON, harmless on a screen.
 */
export function jsonText(value: unknown, indented = false): string {
  return JSON.stringify(value, undefined, indented ? 2 : undefined).replace(
    /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
