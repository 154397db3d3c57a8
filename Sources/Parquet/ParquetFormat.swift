// Parquet reads and writes Apache Parquet files: row groups of shredded columns in pages.
// In come byte ranges and batches, out go batches and bytes; it knows no table and no query.
