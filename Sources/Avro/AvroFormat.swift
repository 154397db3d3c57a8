// Avro reads and writes Avro container files: blocks of rows by a schema that the file holds.
// In come byte ranges and batches, out go batches and bytes; it knows no table and no query.
