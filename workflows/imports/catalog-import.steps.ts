/** The steps of a long import. Each is one transaction. */
export interface CatalogImportSteps {
  /** Whether the lines can be booked. A repetition changes nothing. */
  checkCatalogImport(input: { readonly importId: string }): Promise<boolean>;
  /** Books the next lines. Whether all are done. A repetition books those after them. */
  bookCatalogChunk(input: { readonly importId: string }): Promise<boolean>;
}

/** The step of the sweep. */
export interface CatalogImportSweepSteps {
  /** Starts the workflows of imports that should be over. Returns how many. */
  startOverdueImports(): Promise<number>;
}
