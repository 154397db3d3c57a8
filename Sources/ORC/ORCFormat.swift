// ORC reads and writes Optimized Row Columnar files: stripes of columns with statistics, as Hive and others write them.
// In come byte ranges and batches, out go batches and bytes; it knows no table and no query.
