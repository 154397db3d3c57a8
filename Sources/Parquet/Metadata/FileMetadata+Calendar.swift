import HoneyStorage

extension FileMetadata {
    /// The key under which newer Hive tells whether its days are Gregorian throughout.
    static let prolepticKey = "writer.date.proleptic"
    /// The name of the root in files of Hive.
    static let hiveRoot = "hive_schema"

    /// Tells whether days before 1582-10-15 are those of the Julian calendar: so in files of Hive that do not say otherwise.
    ///
    /// Other writers follow Parquet's own definition. `hive.parquet.date.proleptic.gregorian.default` is Hive's setting for
    /// files of Hive that say nothing.
    func hasHybridDates(_ request: ReadRequest) -> Bool {
        guard schema.first?.name == FileMetadata.hiveRoot else { return false }
        if let told = keyValues.first(where: { $0.key == FileMetadata.prolepticKey })?.value {
            return told.lowercased() != "true"
        }
        return request.settings["hive.parquet.date.proleptic.gregorian.default"]?.lowercased() != "true"
    }
}
