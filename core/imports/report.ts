/** What an import did, by name; zero where nothing was. */
export type ImportCounts = {
  /** Records of the main file, refused ones included, and refused rows of joined files. */
  rows: number
  created: number
  changed: number
  same: number
  pricesSet: number
  stockSet: number
  rejected: number
  /** Rows that the file says twice, word for word. */
  duplicates: number
  /** Snapshots that a later one takes the place of. */
  superseded: number
  /** Orders taken without lines, and orders whose payments are not their total. */
  noLines: number
  paymentDifferences: number
}

export type ImportReport = {
  id: string
  profile: string
  source: string
  counts: ImportCounts
  /** The CSV file with every row that was refused or noted; null when there was none. */
  rejectsFile: string | null
  /** Why reading stopped before the end of the file; null when all of it was read. */
  stoppedBy: string | null
  elapsedMs: number
}

export type ImportProgress = { bytesRead: number; bytesTotal: number; rows: number; rowsPerSecond: number }

export const noCounts = (): ImportCounts => ({
  rows: 0,
  created: 0,
  changed: 0,
  same: 0,
  pricesSet: 0,
  stockSet: 0,
  rejected: 0,
  duplicates: 0,
  superseded: 0,
  noLines: 0,
  paymentDifferences: 0,
})
