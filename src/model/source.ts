/** Where items come from. `Item` is what the handler gets; `Payload` is what was read, kept in a dead letter, and edited. */
export interface Source<Item, Payload = Item> {
  /** File name, query or the given name; part of the identity that a resume compares. */
  readonly name: string
  /** Phantom: never present at run time. */
  readonly '~types'?: { readonly item: Item; readonly payload: Payload } | undefined
}
