type Paint = (text: string) => string

/** How text is set off; picocolors' `createColors()` answers such an object. */
export interface Colours {
  readonly bold: Paint
  readonly dim: Paint
  readonly red: Paint
  readonly green: Paint
  readonly yellow: Paint
  readonly cyan: Paint
}

const as: Paint = (text) => text

/** No colour at all. */
export const noColours: Colours = { bold: as, dim: as, red: as, green: as, yellow: as, cyan: as }
