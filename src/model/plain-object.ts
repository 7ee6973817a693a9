/** Whether the value is an object literal's kind: no class instance, no list. Other realms and null prototypes count. */
export function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) return true
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf')
}

/** Sets an own field: also `__proto__`, which an assignment would take for the prototype. */
export function putField(target: object, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
  else (target as Record<string, unknown>)[key] = value
}

/** Name of a value's class, at most 60 characters, read without running a getter. */
export function classNameOf(value: object): string {
  const prototype = Object.getPrototypeOf(value)
  const made = prototype && Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value
  const name = typeof made === 'function' ? Object.getOwnPropertyDescriptor(made, 'name')?.value : undefined
  return typeof name === 'string' && name !== '' ? name.slice(0, 60) : 'an unnamed class'
}
