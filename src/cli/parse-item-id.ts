/** An item's id, `BATCH:POSITION`; undefined if the text is none. */
export function parseItemId(text: string): { readonly batchId: string; readonly position: number } | undefined {
  const found = /^(b_[^:\s]{1,64}):(\d{1,15})$/.exec(text)
  return found ? { batchId: found[1]!, position: Number(found[2]) } : undefined
}
